"""The admin panel: for leaders, through the same actions."""

from importlib import import_module

import pytest
from django.contrib import admin
from django.urls import reverse

from kam.integrations.models import ApiKey
from tests.factories import make_user

import_module("kam.urls")  # removes what has pages of its own
MODELS = sorted(admin.site._registry, key=lambda m: m._meta.label)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_a_leader_sees_every_list(sign_in, dana, model) -> None:
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert sign_in(dana).get(url).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_nobody_else_does(sign_in, alice, model) -> None:
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert sign_in(alice).get(url).status_code in (302, 403)


def test_the_last_leader_stays_one(sign_in, dana) -> None:
    url = reverse("admin:users_user_change", args=[dana.pk])
    sign_in(dana).post(url, {"role": "kam", "is_active": "on"})
    dana.refresh_from_db()
    assert dana.role == "leader"


def test_a_role_is_changed_by_the_action(sign_in, dana) -> None:
    person = make_user("Eve", "sales")
    sign_in(dana).post(
        reverse("admin:users_user_change", args=[person.pk]), {"role": "kam", "is_active": "on"}
    )
    person.refresh_from_db()
    assert person.role == "kam"


def test_keys_are_revoked(sign_in, dana, api, alice) -> None:
    api(alice)
    chosen = {"action": "revoke", "_selected_action": [str(key.pk) for key in ApiKey.objects.all()]}
    sign_in(dana).post(reverse("admin:integrations_apikey_changelist"), chosen)
    assert ApiKey.objects.get().revoked_at is not None
