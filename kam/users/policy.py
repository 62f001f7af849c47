"""Every route states who may call it; what states nothing answers nobody.

A view function wears ``@policy(...)``, an API view has ``policy = Policy(...)``. The role decides here (403);
which rows a person sees is decided by ``visible_to`` (404). tests/matrix reads the same statements and calls
every route as every role.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from kam.users.models import Role

SAFE = ("GET", "HEAD", "OPTIONS")
EVERYONE = frozenset(Role.values)
WORKERS = EVERYONE - {Role.VIEWER}
MANAGERS = frozenset({Role.LEADER, Role.KAM, Role.ACCOUNT_MANAGER})
PLANNERS = frozenset({Role.LEADER, Role.KAM})
IMPORTERS: frozenset[str] = frozenset({Role.LEADER, Role.OPERATIONS})
LEADERS = frozenset({Role.LEADER})
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Policy:
    """Who may read and write a route.

    ``about`` names the object in the URL ("account", "goal", …) or is empty; ``scope`` is the resource whose
    ``:read`` or ``:write`` an API key needs; ``methods`` is filled in by the decorator.
    """

    read: Iterable[str] = field(default=EVERYONE)
    write: Iterable[str] = field(default=NOBODY)
    about: str = ""
    scope: str = ""
    public: bool = False
    methods: tuple[str, ...] = ("GET",)

    def allows(self, user: Any, method: str) -> bool:
        roles = self.read if method in SAFE else self.write
        return bool(user.is_authenticated and user.is_active and user.role in roles)


def policy(
    *methods: str, **statement: Any
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """State the methods and the policy of a view function, and enforce both."""
    stated = Policy(methods=methods, **statement)

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not stated.public and not stated.allows(request.user, request.method or "GET"):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        checked = require_http_methods([*methods, "HEAD"] if "GET" in methods else list(methods))(guarded)
        checked.policy = stated  # type: ignore[attr-defined]  # a view is a function with marks
        if stated.public:
            checked.login_required = False  # type: ignore[attr-defined]  # a mark for Django's middleware
        return checked

    return decorate


class PolicyPermission(BasePermission):
    """DRF's default permission: the view's policy, narrowed by the scopes of an API key."""

    def has_permission(self, request: Request, view: Any) -> bool:
        stated: Policy | None = getattr(view, "policy", None)
        if stated is None:
            return False
        if stated.public:
            return True
        method = request.method or "GET"
        known = view.allowed_methods
        if method in known:
            return _may(request, stated, method)
        if any(_may(request, stated, each) for each in known if each != "OPTIONS"):
            raise MethodNotAllowed(method)  # for whoever may call the address at all
        return False


def _may(request: Request, stated: Policy, method: str) -> bool:
    """Say whether role and key allow a method."""
    allows_scope = getattr(request.auth, "allows", None)
    verb = "read" if method in SAFE else "write"
    return stated.allows(request.user, method) and (
        allows_scope is None or bool(allows_scope(stated.scope, verb))
    )
