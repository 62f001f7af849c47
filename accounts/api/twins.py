"""Accounts that may be the same company as one, and which of them somebody has told apart from it."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions.distinctions import doubt_again, tell_apart
from accounts.models import Account
from accounts.permissions import EDITORS, caller
from accounts.serializers import AccountNameSerializer
from accounts.serializers_merges import TwinInput
from kam.lib.api.views import ApiView
from kam.users.policy import Policy

MOST = 50
ANSWER = inline_serializer(
    "Twins",
    {
        "likely": AccountNameSerializer(
            many=True, help_text="same name without legal form, web domain or VAT id"
        ),
        "told_apart": AccountNameSerializer(
            many=True, help_text="somebody has said that they are other companies"
        ),
    },
)


class AccountTwins(ApiView):
    """What may be the same company."""

    policy = Policy(read=EDITORS, write=EDITORS, about="account", scope="accounts")

    @extend_schema(responses=ANSWER)
    def get(self, request: Request, pk: Any) -> Response:
        return self._answer(request, self._account(request, pk))

    @extend_schema(request=TwinInput, responses=ANSWER)
    def post(self, request: Request, pk: Any) -> Response:
        """Say that another account is not the same company, or take that back; saying it twice changes nothing."""
        account = self._account(request, pk)
        data = TwinInput(data=request.data, context={"request": request})
        data.is_valid(raise_exception=True)
        values = data.validated_data
        change = tell_apart if values["same_company"] == "no" else doubt_again
        change(account, values["account"], by=caller(request))
        return self._answer(request, account)

    def _account(self, request: Request, pk: Any) -> Account:
        found: Account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
        return found

    def _answer(self, request: Request, account: Account) -> Response:
        visible = Account.objects.visible_to(request.user).order_by("sort_key", "pk")
        apart = visible.filter(told_apart_from__account=account.pk)
        lists = {"likely": visible.similar_to(account)[:MOST], "told_apart": apart[:MOST]}
        return Response({name: AccountNameSerializer(rows, many=True).data for name, rows in lists.items()})
