"""Beginnings of a plan: sentences to be completed, in the writer's language."""

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

TEMPLATES: dict[str, tuple[Lazy, dict[str, Lazy]]] = {
    "grow": (
        _("Grow with the customer"),
        {
            "why": _("This customer grows in … and needs a partner for …"),
            "how": _("Jointly with …, we develop … and win the sites …"),
            "what": _("By …, … sites buy …, and revenue rises from … to …"),
            "purpose_ours": _("A growing share of …, and a reference in the industry"),
            "purpose_customer": _("Lower costs of …, and shorter …"),
        },
    ),
    "secure": (
        _("Secure the relationship"),
        {
            "why": _("This customer carries … of our revenue, and … could leave us because …"),
            "how": _("More than one contact on both sides, promises kept, service within …"),
            "what": _("Contract renewed until …, satisfaction from … to …"),
            "purpose_ours": _("Revenue that lasts, at a contribution of at least …"),
            "purpose_customer": _("Supply and service one can rely on"),
        },
    ),
    "develop": (
        _("Develop something together"),
        {
            "why": _("The customer wants to …, and nobody offers that yet."),
            "how": _("A pilot with …, tested at …, decided by …"),
            "what": _("A solution in series by …, used at …"),
            "purpose_ours": _("An offering for the whole industry"),
            "purpose_customer": _("A lead of … over its competitors"),
        },
    ),
}
