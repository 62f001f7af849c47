"""Scoring models and weights over the API."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kam.lib.api.views import ApiView, ListView, ObjectView, etag, expected_version
from kam.lib.errors import InvalidInput, named_as
from kam.users.models import User
from kam.users.policy import EVERYONE, LEADERS, Policy
from scoring.actions import scoring_models
from scoring.actions.criteria import criterion_of_fact
from scoring.actions.scoring_models import CutLine, Draft, Item, Provenance
from scoring.api.lookups import each_row
from scoring.models import Criterion, ScoringModel
from scoring.serializers import ModelInput, ModelSerializer, WeightsInput
from scoring.weighing import INPUT_OF, weigh

WORST = inline_serializer(
    "WorstJudgement", {"row": serializers.IntegerField(), "column": serializers.IntegerField()}
)
WEIGHTS = inline_serializer(
    "Weights",
    {
        "weights": serializers.ListField(child=serializers.FloatField()),
        "lambda_max": serializers.FloatField(required=False),
        "ci": serializers.FloatField(required=False),
        "cr": serializers.FloatField(required=False),
        "worst": WORST,
        "random_index": serializers.FloatField(required=False),
        "random_index_table": serializers.CharField(required=False),
        "is_consistent": serializers.BooleanField(required=False),
    },
)


# What the actions call by the names of their columns and inputs, by the names that a body has.
NAMES = {"cut_value": "cut/value", "exit_value": "cut/exit"} | dict.fromkeys(
    ("ranks", "swings", "weights"), "criteria"
)


class ModelList(ListView):
    """Scoring models, newest first. A name that exists gets its next version."""

    policy = Policy(write=LEADERS, scope="scoring")
    serializer_class = ModelSerializer
    orderings = {"-created": ("-created_at",), "name": ("name", "-number")}

    def queryset_for(self, user: Any) -> QuerySet[ScoringModel]:
        return ScoringModel.objects.visible_to(user).for_list()

    @extend_schema(request=ModelInput, responses={201: ModelSerializer})
    def post(self, request: Request) -> Response:
        given = ModelInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        with transaction.atomic():
            with named_as(**NAMES):
                draft = draft_of(values, by=request.user)
                model = scoring_models.create_model(values["name"], draft, by=request.user)
            if values["state"] == "active":
                model = scoring_models.activate_model(model, by=request.user)
        return Response(self.represent(model), status=201, headers={"ETag": etag(model)})


class ModelDetail(ObjectView):
    """One version; PUT replaces a version that no run has used."""

    policy = Policy(write=LEADERS, about="scoring_model", scope="scoring")
    serializer_class = ModelSerializer

    def queryset_for(self, user: Any) -> QuerySet[ScoringModel]:
        return ScoringModel.objects.visible_to(user).for_list()

    @extend_schema(request=ModelInput, responses=ModelSerializer)
    def put(self, request: Request, pk: Any) -> Response:
        model = self.get_object()
        scoring_models.refuse_used(model)
        given = ModelInput(data=request.data)
        given.is_valid(raise_exception=True)
        with transaction.atomic():
            version = expected_version(request)
            with named_as(**NAMES):
                draft = draft_of(given.validated_data, by=request.user)
                scoring_models.update_model(model, draft, by=request.user, expected_version=version)
        changed = self.get_object()
        return Response(self.represent(changed), headers={"ETag": etag(changed)})


class ModelVersions(ObjectView):
    """POST copies a version into the next one, a draft."""

    policy = Policy(read=(), write=LEADERS, about="scoring_model", scope="scoring")
    serializer_class = ModelSerializer
    http_method_names = ["post", "options"]

    def queryset_for(self, user: Any) -> QuerySet[ScoringModel]:
        return ScoringModel.objects.visible_to(user)

    @extend_schema(request=None, responses={201: ModelSerializer})
    def post(self, request: Request, pk: Any) -> Response:
        copy = scoring_models.copy_model(self.get_object(), by=request.user)
        return Response(self.represent(copy), status=201)


class ModelActivation(ModelVersions):
    """POST puts a version to use and retires the one in use."""

    @extend_schema(request=None, responses=ModelSerializer)
    def post(self, request: Request, pk: Any) -> Response:
        return Response(self.represent(scoring_models.activate_model(self.get_object(), by=request.user)))


class WeightsView(ApiView):
    """Weights from ranks, swings or pairwise comparison; nothing is stored."""

    policy = Policy(read=(), write=EVERYONE, scope="scoring")
    http_method_names = ["post", "options"]

    @extend_schema(request=WeightsInput, responses=WEIGHTS)
    def post(self, request: Request) -> Response:
        given = WeightsInput(data=request.data)
        given.is_valid(raise_exception=True)
        result = weigh(given.validated_data["method"], given.validated_data)
        body: dict[str, Any] = {"weights": list(result.weights)}
        if (made := result.comparison) is not None:
            worst = dict(zip(("row", "column"), made.worst, strict=True)) if made.worst else None
            body |= {"lambda_max": made.lambda_max, "ci": made.ci, "cr": made.cr, "worst": worst}
            body |= {"random_index": made.random_index, "random_index_table": made.random_index_table}
            body |= {"is_consistent": made.is_consistent}
        return Response(body)


def draft_of(values: dict[str, Any], *, by: User) -> Draft:
    """Return the draft that a posted model describes; criteria of facts are made when there are none yet."""
    items = each_row("criteria", values["criteria"], lambda row: _item(row, by))
    cut = values.get("cut")
    line = CutLine(cut["kind"], cut["value"], cut["exit"]) if cut else None
    provenance = Provenance(*_method_and_inputs(values), values["participants"])
    return Draft(items, provenance, line, values["override_reason"])


def _item(row: dict[str, Any], by: User) -> Item:
    item = Item(_criterion(row, by), row.get("rule"), row.get("basis", ""), row.get("window", ""))
    scoring_models.settings_of(item)  # refused here, a window or a rule says in which entry it stands
    return item


def _criterion(row: dict[str, Any], by: User) -> Criterion:
    if row.get("criterion"):
        return get_criterion(row["criterion"])
    if row.get("fact"):
        return criterion_of_fact(row["fact"], by=by)
    raise InvalidInput(
        "criterion_missing", gettext_noop("Each entry names a criterion or a fact."), field="criterion"
    )


def get_criterion(code: str) -> Criterion:
    """Return a current criterion by its code; raises InvalidInput when there is none."""
    criterion = Criterion.objects.current().filter(code=code).first()
    if criterion is None:
        raise InvalidInput(
            "unknown_criterion",
            gettext_noop("There is no criterion “%(code)s”."),
            {"code": code},
            "criterion",
        )
    return criterion


def _method_and_inputs(values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the named method, or the one that the criteria give input for, with that input."""
    rows = values["criteria"]
    columns = {"ranks": "rank", "swings": "swing", "weights": "weight"}
    given = {
        name: [row.get(key) for row in rows]
        for name, key in columns.items()
        if any(key in row for row in rows)
    }
    if "matrix" in values:
        given["matrix"] = values["matrix"]
    guesses = {"weights": "typed", "ranks": "roc", "swings": "swing", "matrix": "ahp"}
    method = values.get("method") or next((guesses[name] for name in guesses if name in given), "typed")
    wanted = INPUT_OF[method]
    return method, {wanted: given.get(wanted, [None] * len(rows))}
