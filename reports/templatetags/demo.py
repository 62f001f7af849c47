"""The demo's sign-ins, offered where people sign in."""

from typing import Any

from django import template
from django.conf import settings

from kam.users.models import Organisation, User
from reports.demo import words

register = template.Library()


@register.inclusion_tag("account/_demo.html", takes_context=True)
def demo_sign_ins(context: dict[str, Any]) -> dict[str, Any]:
    """Show one button for each demo sign-in, while the installation runs as a demo and holds one."""
    people: list[User] = []
    if settings.DEMO and Organisation.objects.filter(is_demo=True).exists():
        made = User.objects.filter(email__endswith=f"@{words.DOMAIN}", is_active=True)
        people = list(made.order_by("pk"))
    shared = ("csrf_token", "redirect_field", "request")
    return {
        "people": people,
        "password": words.PASSWORD,
        **{name: context[name] for name in shared if name in context},
    }
