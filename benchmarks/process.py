"""What a command takes in a process of its own: ``python -m benchmarks.process COMMAND ARGUMENTS…``.

The peak of memory that Linux reports of a process begins with that of whoever started it; so a small process
stands in between and tells of its only child.
"""

import json
import resource
import subprocess
import sys
from time import perf_counter


def database_address() -> str:
    """Return the address under which a process of its own finds the database of the benchmarks."""
    from django.db import connection

    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    place = f"{known['HOST']}:{known['PORT'] or 5432}/{known['NAME']}"
    return f"postgres://{known['USER']}:{known['PASSWORD']}@{place}"


def main() -> None:
    """Run the command and print its result with seconds, CPU seconds and megabytes as one JSON object."""
    start = perf_counter()
    done = subprocess.run([sys.executable, "manage.py", *sys.argv[1:]], stdout=subprocess.PIPE, check=True)
    seconds = perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken = {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "megabytes": used.ru_maxrss / 1024}
    print(json.dumps({"result": json.loads(done.stdout.splitlines()[-1]), **taken}))


if __name__ == "__main__":
    main()
