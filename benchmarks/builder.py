"""A worker's part of many reports: ``python -m benchmarks.builder JOB JOB…`` runs the jobs and prints the seconds."""

import os
import sys
from time import perf_counter


def main() -> None:
    """Run the jobs one after the other, without the start of the process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kam.settings")
    import django

    django.setup()
    from kam.integrations.jobs import run

    start = perf_counter()
    done = [run(job) for job in sys.argv[1:]]
    assert all(job is not None and job.state == "succeeded" for job in done), done
    print(perf_counter() - start)


if __name__ == "__main__":
    main()
