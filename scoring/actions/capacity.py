"""How many key accounts one key account manager looks after, and when that is too many."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_noop

from accounts.actions.timeline import record
from accounts.models import Account
from kam.lib.errors import InvalidInput
from kam.lib.versions import save_changes
from kam.users.models import Role, User
from scoring.models import KamCapacity

MOST = 500


@dataclass(frozen=True)
class Load:
    """A key account manager: how many key accounts now, and how many at most (None: no limit set)."""

    kam: User
    count: int
    most: int | None

    @property
    def is_full(self) -> bool:
        return self.most is not None and self.count >= self.most

    @property
    def is_beyond(self) -> bool:
        return self.most is not None and self.count > self.most


@transaction.atomic
def set_capacity(kam: User, most: int | None, *, by: User) -> KamCapacity | None:
    """Set how many key accounts a KAM looks after at most; None takes the limit away."""
    if kam.role not in (Role.KAM, Role.LEADER):
        raise InvalidInput(
            "not_a_kam", gettext_noop("%(name)s is not a key account manager."), {"name": kam.name}, "kam"
        )
    if most is not None and not 0 <= most <= MOST:
        raise InvalidInput(
            "capacity_invalid", gettext_noop("A number between 0 and %(most)s."), {"most": MOST}, "most"
        )
    standing = KamCapacity.objects.select_for_update().filter(kam=kam).first()
    before = standing.most if standing else None
    if before == most:
        return standing
    record("capacity.set", by=by, subject=kam, before={"most": before}, after={"most": most})
    if most is None:
        KamCapacity.objects.filter(kam=kam).delete()
        return None
    if standing is None:
        return KamCapacity.objects.create(kam=kam, most=most, set_by=by)
    return save_changes(standing, {"most": most, "set_by": by}, expected_version=None)


def loads() -> list[Load]:
    """Return everybody who may look after key accounts, with load and limit, in two queries."""
    people = User.objects.filter(is_active=True).filter(
        Q(role=Role.KAM) | Q(key_accounts__key_since__isnull=False) | Q(capacity__isnull=False)
    )
    counts = dict(Account.objects.key().order_by().values_list("kam").annotate(n=Count("pk")))
    limits = dict(KamCapacity.objects.order_by().values_list("kam", "most"))
    return [Load(p, counts.get(p.pk, 0), limits.get(p.pk)) for p in people.distinct().order_by("name")]


def load_of(kam: User) -> Load:
    """Return the load of one person."""
    most = KamCapacity.objects.filter(kam=kam).values_list("most", flat=True).first()
    return Load(kam, Account.objects.key().filter(kam=kam).count(), most)


def refuse_beyond_capacity(kam: User, reason: str) -> bool:
    """Say whether one more key account is beyond the KAM's capacity; raises InvalidInput without a reason.

    The limit's row is locked, so that two approvals at the same moment do not both take the last place.
    """
    KamCapacity.objects.select_for_update().filter(kam=kam).first()
    load = load_of(kam)
    if load.is_full and not reason.strip():
        values = {"name": kam.name, "count": load.count, "most": load.most}
        message = gettext_noop(
            "%(name)s looks after %(count)s key accounts already, planned are at most %(most)s. "
            "Choose somebody else, or write down why it is worth it."
        )
        raise InvalidInput("kam_at_capacity", message, values, "capacity_reason")
    return load.is_full
