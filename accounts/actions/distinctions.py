"""Two accounts look alike: saying that they are two companies, and taking that back."""

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.models import Account, Distinction
from kam.lib.errors import DomainError
from kam.users.models import User


@transaction.atomic
def tell_apart(account: Account, other: Account, *, by: User) -> bool:
    """Note that two accounts are two companies, so that nothing hints at it any more; twice is once.

    Returns whether that is news. Raises DomainError for an account and itself.
    """
    if account.pk == other.pk:
        message = gettext_noop("An account cannot be told apart from itself.")
        raise DomainError("same_account", message, field="account")
    pairs = [(account, other), (other, account)]
    standing = Distinction.objects.filter(account=account, other=other).exists()
    Distinction.objects.bulk_create(
        [Distinction(account=one, other=two, created_by=by) for one, two in pairs], ignore_conflicts=True
    )
    if not standing:
        record("account.told_apart", by=by, account=account, subject=other)
    return not standing


@transaction.atomic
def doubt_again(account: Account, other: Account, *, by: User) -> bool:
    """Take back that two accounts are two companies: they are hinted at again. Returns whether it had been said."""
    said = Distinction.objects.filter(account__in=(account, other), other__in=(account, other))
    if not said.delete()[0]:
        return False
    record("account.doubted_again", by=by, account=account, subject=other)
    return True
