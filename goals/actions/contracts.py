"""Contracts that renewed themselves get the end of their present term, with a trace in the timeline."""

from datetime import date

from django.db import transaction

from accounts.actions.timeline import record
from goals.models import Contract
from goals.renewals import current_end
from kam.lib.versions import save_changes


def renew_contracts(today: date) -> int:
    """Move the end of every contract that renewed itself before ``today``; returns how many. Idempotent."""
    due = Contract.objects.filter(end_on__lt=today, renews_by__gt=0, cancelled_on__isnull=True)
    renewed = 0
    for contract in due.select_related("account").order_by("pk").iterator(chunk_size=500):
        renewed += _renew(contract, current_end(contract.term, today))
    return renewed


@transaction.atomic
def _renew(contract: Contract, ends_on: date) -> int:
    change = {"before": {"end_on": contract.end_on}, "after": {"end_on": ends_on}}
    save_changes(contract, {"end_on": ends_on}, expected_version=None)
    record("contract.renewed", by=None, account=contract.account, subject=contract, **change)
    return 1
