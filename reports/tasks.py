"""The job kinds of this room; each calls one action."""

from typing import Any

from django.utils.translation import gettext_noop

from kam.integrations.jobs import JobRun, job_kind
from reports.demo.actions import remove_demo


@job_kind("reports.demo_remove", gettext_noop("Remove demo company"))
def demo_remove(run: JobRun) -> dict[str, Any]:
    return remove_demo(by=run.by)
