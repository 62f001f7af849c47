"""What templates format and draw with: ``{% load ui %}``. See docs/components.md."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from kam.lib import formatting
from kam.lib.navigation import Navigation

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> Navigation:
    """Return the rail's groups with the entries whose page exists: work, program, foot, phone."""
    request = context.get("request")
    return Navigation.of(getattr(request, "user", None), request.path if request else "")


@register.simple_tag
@lru_cache(maxsize=500)
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """Return the icon from the sprite; decorative unless ``label`` gives it a name."""
    href = f"{static('img/icons.svg')}#{name}"
    css = f"i {classes}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', css, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', css, href)


@register.simple_tag
def contributions(parts: Iterable[tuple[float, float, int]], missing: Any = None) -> SafeString:
    """Return a bar from 0 to 10 points: ``parts`` are (start, width, position) as shares of it, ``missing``
    (start, width) of what nobody has rated.
    """
    solid = format_html_join(
        "",
        '<rect class="f{}" x="{}" width="{}"/>',
        ((position, percent_width(x), percent_width(width)) for x, width, position in parts),
    )
    hatched = SafeString("")
    if missing:
        hatch = '<rect x="{}" width="{}" fill="url(#hatch)"/>'
        hatched = format_html(hatch, percent_width(missing[0]), percent_width(missing[1]))
    return format_html('<svg class="cbar" aria-hidden="true">{}{}</svg>', solid, hatched)


@register.simple_tag
def delta(value: Any, decimals: int = 0) -> SafeString:
    """Return a change with triangle and hidden words: better is up; None and 0 are "–"."""
    if not value:
        return format_html(
            '<span class="dlt"><span aria-hidden="true">–</span><span class="vh">{}</span></span>',
            gettext("unchanged"),
        )
    direction, words, triangle = (
        ("up", gettext("up by"), "up-tri") if value > 0 else ("dn", gettext("down by"), "dn-tri")
    )
    return format_html(
        '<span class="dlt {}">{}<span class="vh">{} </span>{}</span>',
        direction,
        icon(triangle),
        words,
        formatting.number(abs(value), decimals),
    )


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    return formatting.number(value, decimals)


@register.filter
def signed(value: Any, decimals: int | None = None) -> str:
    return formatting.number(value, decimals, signed=True)


@register.filter
def money(value: Any, currency: str = "EUR") -> str:
    return formatting.money(value, currency or "EUR")


@register.filter
def signed_money_short(value: Any, currency: str = "EUR") -> str:
    """Return a change of money with its sign: +48 Tsd. €."""
    text = formatting.money_short(value, currency or "EUR")
    return f"+{text}" if value and value > 0 else text


@register.filter
def money_short(value: Any, currency: str = "EUR") -> str:
    return formatting.money_short(value, currency or "EUR")


@register.filter
def percent(share: Any, decimals: int = 1) -> str:
    return formatting.percent(share, decimals)


@register.filter
def signed_percent(share: Any, decimals: int = 1) -> str:
    return formatting.percent(share, decimals, signed=True)


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    return formatting.date(value)


@register.filter
def moment(value: dt.datetime | None) -> str:
    return formatting.moment(value)


@register.filter
def age(value: dt.date | None) -> str:
    return formatting.age(value)


@register.filter
def from_now(value: dt.date | dt.datetime | None) -> str:
    return formatting.days_from_now(value)


@register.filter
def percent_width(share: Any) -> str:
    """Return a share (0 to 1) as an SVG length: ``width="{{ share|percent_width }}"``."""
    return f"{max(0.0, min(1.0, float(share or 0))) * 100:.2f}".rstrip("0").rstrip(".") + "%"


@register.filter
def class_of(value: int, prefix: str) -> str:
    """Return the class of a position: ``{{ forloop.counter|class_of:"f" }}`` is f1, f2, …"""
    return f"{prefix}{value}"


@register.filter
def initials(name: str) -> str:
    parts = str(name).split()
    return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper() if parts else "?"


@register.filter
def domain_text(domain: str) -> SafeString:
    """Return a web domain that may break before its dots and after its hyphens, and nowhere else."""
    return mark_safe(escape(domain).replace("-", "-<wbr>").replace(".", "<wbr>."))  # noqa: S308 - escaped above


@register.filter
def widget_kind(bound_field: Any) -> str:
    """Return "check", "group" or "input": how templates/_components/field.html lays the field out."""
    kind = getattr(bound_field.field.widget, "input_type", "")
    if kind == "checkbox" and not hasattr(bound_field.field, "choices"):
        return "check"
    return "group" if bound_field.use_fieldset else "input"


@register.filter
def below_label(bound_field: Any) -> str:
    """Return the control without a placeholder: forms of libraries only repeat the label there."""
    bound_field.field.widget.attrs.pop("placeholder", None)
    return str(bound_field)
