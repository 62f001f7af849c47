"""The list of one's own security keys."""

import re

import pytest
from allauth.mfa.models import Authenticator

pytestmark = pytest.mark.django_db


def test_every_column_has_a_name_and_every_word_is_german(sign_in, alice) -> None:
    credential = {"clientExtensionResults": {"credProps": {"rk": True}}}
    Authenticator.objects.create(
        user=alice, type="webauthn", data={"name": "YubiKey", "credential": credential}
    )
    page = sign_in(alice).get("/sign-in/2fa/webauthn/", headers={"Accept-Language": "de"}).content.decode()
    assert "YubiKey" in page and re.findall(r"<th[^>]*>\s*</th>|Not used", page) == []


def test_who_has_no_key_is_told_so(sign_in, alice) -> None:
    page = sign_in(alice).get("/sign-in/2fa/webauthn/", headers={"Accept-Language": "en"})
    assert "No security keys have been added." in page.content.decode()
