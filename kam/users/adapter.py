"""What allauth asks the product: nobody signs up by herself, links come from the configured address."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """A forged Host header must never stand in a mail."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", key)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whoever comes past a proxy names fewer addresses than there are proxies, and none of them is believed."""
        try:
            return super().get_client_ip(request)
        except ImproperlyConfigured:
            return str(request.META.get("REMOTE_ADDR", ""))

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There is no user name."""
