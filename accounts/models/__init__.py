"""The tables of this room, one file a topic."""

from accounts.models.account import Account, AccountReference, AccountStatus, AccountTeamMember
from accounts.models.activity import LOGGABLE, Activity, Engagement, Task, Verb, Visibility
from accounts.models.contact import Contact, ContactEmail, ContactPhone
from accounts.models.merge import AccountMerge, Distinction, MergedRow
from accounts.models.rates import CurrencyRate
from accounts.models.sales import (
    AccountMonth,
    Offering,
    OfferingKind,
    OfferingReference,
    SalesLine,
    SalesOrder,
)
from accounts.models.site import OwnSite

__all__ = [
    "LOGGABLE",
    "Account",
    "AccountMerge",
    "AccountMonth",
    "AccountReference",
    "AccountStatus",
    "AccountTeamMember",
    "Activity",
    "Contact",
    "ContactEmail",
    "ContactPhone",
    "CurrencyRate",
    "Distinction",
    "Engagement",
    "MergedRow",
    "Offering",
    "OfferingKind",
    "OfferingReference",
    "OwnSite",
    "SalesLine",
    "SalesOrder",
    "Task",
    "Verb",
    "Visibility",
]
