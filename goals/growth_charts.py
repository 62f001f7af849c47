"""The two bridges of a growth page: orders and their size; price, volume and mix."""

from django.utils.translation import gettext as _

from goals.decomposition import Bridge
from goals.growth import Growth
from kam.lib import charts, formatting


def effects_chart(growth: Growth, currency: str) -> charts.Chart | None:
    if not growth.orders and not growth.compare_orders:
        return None
    effects = growth.effects
    more, larger = abs(effects.orders_effect), abs(effects.size_effect)
    title = (
        _("The number of orders moved the revenue most")
        if more >= larger
        else _("The size of orders moved the revenue most")
    )
    steps = [(_("Number of orders"), effects.orders_effect), (_("Size of orders"), effects.size_effect)]
    frame = charts.Frame(title, _("Orders × average size, adds up to the cent"))
    before, after = (_("Before"), growth.compare), (_("Period"), growth.revenue)
    return charts.waterfall(frame, before, steps, after, charts.Measure("money", currency))


def bridge_chart(bridge: Bridge, currency: str) -> charts.Chart | None:
    total = bridge.total
    if not bridge.offerings:
        return None
    steps = [
        (_("Price"), total.price),
        (_("Volume"), total.volume),
        (_("Mix"), total.mix),
        (_("New offerings"), total.new),
        (_("Lost offerings"), total.lost),
        *([(_("Exchange rates"), bridge.currency)] if bridge.currency else []),
    ]
    name, value = max(steps, key=lambda step: abs(step[1]))
    title = _("%(name)s moved the revenue most: %(value)s") % {
        "name": name, "value": formatting.money_short(value, currency)}  # fmt: skip
    frame = charts.Frame(title, _("Price, volume and mix over offerings, adds up to the cent"))
    before, after = (_("Before"), bridge.before), (_("Period"), bridge.after)
    return charts.waterfall(frame, before, steps, after, charts.Measure("money", currency))
