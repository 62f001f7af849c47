"""Our own sites: where service comes from."""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from accounts.actions.timeline import differences, record
from accounts.models import OwnSite
from accounts.tidy import check_coordinates, tidy_values
from kam.lib.errors import InvalidInput
from kam.lib.versions import check_version, save_changes
from kam.users.models import User

EDITABLE = (
    *("name", "street", "postal_code", "city", "country", "latitude", "longitude"),
    *("opened_on", "closed_on"),
)


@transaction.atomic
def create_site(*, values: dict[str, Any], by: User | None) -> OwnSite:
    """Write down a site. Raises InvalidInput without name or coordinates, and for a name that is taken."""
    clean = _clean(values)
    site = OwnSite(**clean)
    _check(site)
    _guard_name(lambda: site.save(force_insert=True), site.name)
    record("own_site.created", by=by, subject=site, after=clean)
    return site


@transaction.atomic
def update_site(
    site: OwnSite, *, values: dict[str, Any], by: User | None, expected_version: int | None = None
) -> OwnSite:
    """Change a site. Distances follow with the next run; earlier runs keep what they computed."""
    check_version(site, expected_version)
    changed = differences(site, _clean(values))
    if not changed:
        return site
    new = {name: _clean(values)[name] for name in changed["after"]}
    for name, value in new.items():
        setattr(site, name, value)
    _check(site)
    _guard_name(lambda: save_changes(site, new, expected_version=expected_version), site.name)
    record("own_site.updated", by=by, subject=site, before=changed["before"], after=changed["after"])
    return site


@transaction.atomic
def delete_site(site: OwnSite, *, by: User, expected_version: int | None = None) -> None:
    """Remove a site as if it had never been there; a site that closed gets the day it closed instead."""
    check_version(site, expected_version)
    kept = {name: getattr(site, name) for name in EDITABLE}
    record("own_site.deleted", by=by, subject=site, before=kept)
    site.delete()


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(values) - set(EDITABLE)):
        raise InvalidInput(
            "unknown_field", gettext_noop("There is no field “%(name)s”."), {"name": unknown[0]}, unknown[0]
        )
    return tidy_values(OwnSite, values)


def _check(site: OwnSite) -> None:
    if not site.name:
        raise InvalidInput("no_name", gettext_noop("A site needs a name."), field="name")
    if site.latitude is None or site.longitude is None:
        raise InvalidInput(
            "no_coordinates",
            gettext_noop("A site needs coordinates: distances are computed from them."),
            field="latitude",
        )
    check_coordinates(site.latitude, site.longitude)
    if site.opened_on and site.closed_on and site.closed_on <= site.opened_on:
        raise InvalidInput(
            "closed_before_opened", gettext_noop("A site closes after it has opened."), field="closed_on"
        )


def _guard_name(write: Callable[[], Any], name: str) -> None:
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        raise InvalidInput(
            "name_taken", gettext_noop("There is a site “%(name)s” already."), {"name": name}, "name"
        ) from error
