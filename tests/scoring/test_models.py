"""Scoring models: the guard rail, provenance of weights, versions."""

from typing import Any

import pytest
from django.db.models.signals import pre_save

from kam.lib.errors import DomainError, InvalidInput
from scoring.actions.scoring_models import (
    CutLine,
    Draft,
    Item,
    Provenance,
    activate_model,
    copy_model,
    create_model,
    update_model,
)
from scoring.models import ScoringModel
from tests.factories import make_criterion, make_run

pytestmark = pytest.mark.django_db


def draft(count: int = 3, **values: Any) -> Draft:
    items = [Item(make_criterion()) for _ in range(count)]
    return Draft(items, Provenance("roc", {"ranks": list(range(1, count + 1))}, "Dana, Alice"), **values)


def test_it_weighs_by_rank_order_and_keeps_how_the_weights_arose(dana: Any) -> None:
    model = create_model("Autumn", draft(), by=dana)
    assert [round(item.weight, 4) for item in model.items.all()] == [0.6111, 0.2778, 0.1111]
    assert (model.weight_method, model.weight_inputs) == ("roc", {"ranks": [1, 2, 3]})
    assert model.participants == "Dana, Alice"


@pytest.mark.parametrize("count", [1, 2, 6])
def test_fewer_than_three_or_more_than_five_need_a_reason(dana: Any, count: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        create_model("Autumn", draft(count), by=dana)
    assert refused.value.code == "criteria_count"
    assert create_model("Autumn", draft(count, override_reason="A pilot"), by=dana).items.count() == count


def test_the_same_criterion_stands_once(dana: Any) -> None:
    twice = [Item(make_criterion())] * 3
    with pytest.raises(InvalidInput) as refused:
        create_model("Autumn", Draft(twice, Provenance("roc", {"ranks": [1, 2, 3]})), by=dana)
    assert refused.value.code == "criterion_twice"


def test_typed_weights_that_do_not_sum_are_refused(dana: Any) -> None:
    items = draft().items
    with pytest.raises(InvalidInput) as refused:
        create_model("Autumn", Draft(items, Provenance("typed", {"weights": [0.5, 0.5, 0.5]})), by=dana)
    assert refused.value.code == "weights_do_not_sum"


def test_leaving_is_never_easier_than_entering(dana: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        create_model("Autumn", draft(cut=CutLine("top_n", 12, 10)), by=dana)
    assert refused.value.code == "exit_before_entry"


def test_a_version_that_a_run_used_never_changes(dana: Any) -> None:
    model = create_model("Autumn", draft(), by=dana)
    make_run(model)
    model.refresh_from_db()
    with pytest.raises(DomainError) as refused:
        update_model(model, draft(), by=dana)
    assert refused.value.code == "model_in_use"


def test_the_next_version_is_a_draft_with_the_same_weights(dana: Any) -> None:
    model = create_model("Autumn", draft(), by=dana)
    copy = copy_model(model, by=dana)
    assert (copy.number, copy.state, copy.based_on) == (2, "draft", model)
    assert list(copy.items.values_list("weight")) == list(model.items.values_list("weight"))


def test_of_two_who_make_the_next_version_at_once_the_second_is_told(dana: Any) -> None:
    model = create_model("Autumn", draft(), by=dana)

    def faster(sender: Any, instance: ScoringModel, **values: Any) -> None:
        pre_save.disconnect(faster, sender=ScoringModel)
        copy_model(model, by=dana)

    pre_save.connect(faster, sender=ScoringModel)
    with pytest.raises(DomainError) as refused:
        copy_model(model, by=dana)
    assert refused.value.code == "version_taken"


def test_putting_a_version_to_use_retires_the_one_before(dana: Any) -> None:
    first = activate_model(create_model("Autumn", draft(), by=dana), by=dana)
    activate_model(copy_model(first, by=dana), by=dana)
    first.refresh_from_db()
    assert first.state == "retired"


def test_every_change_stands_on_the_record(dana: Any) -> None:
    from accounts.models import Activity

    activate_model(create_model("Autumn", draft(), by=dana), by=dana)
    verbs = Activity.objects.filter(actor=dana).values_list("verb", flat=True)
    assert {"scoring_model.created", "scoring_model.activated"} <= set(verbs)
