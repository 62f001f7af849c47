"""The least that this stack can do for the same work: what a plain project's views answer to somebody signed in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Account, Contact
from kam.users.policy import Policy

ROW = "<tr><td><a href='/a/{{ a.pk }}/'>{{ a.name }}</a></td><td>{{ a.city }}</td><td>{{ a.owner.name }}</td></tr>"
LIST = engines["django"].from_string(
    "<!doctype html><table>{% for a in rows %}" + ROW + "{% endfor %}</table>{{ total }}"
)
DETAIL = engines["django"].from_string(
    "<!doctype html><h1>{{ a.name }}</h1>{{ a.city }}{% for c in contacts %}<p>{{ c.last_name }}{% endfor %}"
)


def account_list(request: HttpRequest) -> HttpResponse:
    rows = Account.objects.select_related("owner").order_by("sort_key", "id")[:50]
    return HttpResponse(LIST.render({"rows": list(rows), "total": Account.objects.count()}))


def account_detail(request: HttpRequest, pk: object) -> HttpResponse:
    account = Account.objects.select_related("owner").get(pk=pk)
    return HttpResponse(DETAIL.render({"a": account, "contacts": Contact.objects.filter(account=account)}))


class AccountSerializer(serializers.ModelSerializer[Account]):
    class Meta:
        model = Account
        fields = "__all__"


class Accounts(APIView):
    policy = Policy(scope="accounts", write=Policy().read)
    authentication_classes = (SessionAuthentication,)
    permission_classes = (IsAuthenticated,)
    throttle_classes = ()

    def get(self, request: Request) -> Response:
        rows = Account.objects.order_by("sort_key", "id")[:50]
        return Response(AccountSerializer(rows, many=True).data)

    def post(self, request: Request) -> Response:
        body: Any = AccountSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        body.save()
        return Response(body.data, status=201)


urlpatterns = [
    path("list/", account_list),
    path("detail/<uuid:pk>/", account_detail),
    path("api/", Accounts.as_view()),
]
