"""The pages of the room: what they show, whom they refuse, and how many queries they cost."""

import csv
import re
from io import StringIO
from typing import Any

import pytest

from kam.integrations.models import Job
from scoring.models import ScoreRun, ScoringModel
from tests.factories import make_account, make_criterion, make_model, make_rating, make_run

pytestmark = pytest.mark.django_db
PAGES = [
    *("/scoring/", "/scoring/ranking/", "/scoring/whatif/", "/scoring/decisions/", "/scoring/ratings/"),
    *("/scoring/models/", "/scoring/criteria/", "/scoring/backtests/"),
]


def make_ranking(accounts: int, alice: Any) -> Any:
    """Return a run of a model with two criteria, of which every third account lacks the second."""
    first, second = make_criterion(), make_criterion()
    for number in range(accounts):
        account = make_account(owner=alice)
        make_rating(account, first, alice, 1 + number % 9)
        if number % 3:
            make_rating(account, second, alice, 9 - number % 7)
    return make_run(make_model((first, 0.7), (second, 0.3), cut_value=2))


@pytest.mark.parametrize("url", PAGES)
def test_a_page_stands_without_any_data(sign_in: Any, rita: Any, url: str) -> None:
    assert sign_in(rita).get(url).status_code == 200


@pytest.mark.parametrize("url", PAGES)
def test_a_page_costs_the_same_queries_for_few_and_for_many(
    sign_in: Any, dana: Any, alice: Any, url: str, django_assert_max_num_queries: Any
) -> None:
    browser = sign_in(dana)
    browser.get(url)  # the first visit ever writes the organisation
    counts = []
    for size in (3, 40):
        make_ranking(size, alice)
        with django_assert_max_num_queries(24) as queries:
            assert browser.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_ranking_shows_the_line_and_what_is_missing(sign_in: Any, dana: Any, alice: Any) -> None:
    make_ranking(6, alice)
    page = sign_in(dana).get("/scoring/ranking/").content.decode()
    assert page.count('class="cutline"') == 1
    assert "url(#hatch)" in page


@pytest.mark.parametrize("url", ["/scoring/", "/scoring/ranking/"])
def test_a_name_answers_beside_the_ranking_only_where_there_is_room(
    sign_in: Any, dana: Any, alice: Any, url: str
) -> None:
    make_ranking(6, alice)
    page = sign_in(dana).get(url).content.decode()
    assert ('hx-target="#why"' in page) == ('id="why"' in page)


def test_the_filters_narrow_the_ranking(sign_in: Any, dana: Any, alice: Any) -> None:
    run = make_ranking(6, alice)
    name = run.scores.first().account.name
    page = sign_in(dana).get("/scoring/ranking/", {"q": name}).context["page"]
    assert [score.account.name for score in page] == [name]
    assert len(sign_in(dana).get("/scoring/ranking/", {"incomplete": "1"}).context["page"].object_list) == 2


@pytest.mark.parametrize("run", ["nonsense", "01a213c4-d3cb-7001-9831-6d33e4381c13"])
def test_a_run_that_is_none_is_not_found(sign_in: Any, dana: Any, run: str) -> None:
    assert sign_in(dana).get("/scoring/ranking/", {"run": run}).status_code == 404


def test_the_ranking_is_exported_as_filtered(sign_in: Any, dana: Any, alice: Any) -> None:
    make_ranking(6, alice)
    answer = sign_in(dana).get("/scoring/ranking/csv/", {"incomplete": "1"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text), delimiter=";"))
    assert len(rows) == 3
    assert all(re.search(r" \(\d+,\d\u00a0%\)$", name) for name in rows[0][7:])


def test_the_ranking_is_exported_as_a_workbook(sign_in: Any, dana: Any, alice: Any) -> None:
    make_ranking(2, alice)
    answer = sign_in(dana).get("/scoring/ranking/xlsx/")
    assert b"".join(answer.streaming_content)[:2] == b"PK"


def test_people_see_the_ranking_of_their_accounts_only(sign_in: Any, charlie: Any, alice: Any) -> None:
    make_ranking(3, alice)
    assert not sign_in(charlie).get("/scoring/ranking/").context["page"].object_list


def test_why_explains_a_score_as_page_and_as_fragment(sign_in: Any, dana: Any, alice: Any) -> None:
    run = make_ranking(3, alice)
    url = f"/scoring/runs/{run.pk}/why/{run.scores.first().account_id}/"
    browser = sign_in(dana)
    assert "<html" in browser.get(url).content.decode()
    assert "<html" not in browser.get(url, headers={"HX-Request": "true"}).content.decode()


def test_a_model_is_made_ordered_and_put_to_use_on_the_pages(sign_in: Any, dana: Any) -> None:
    browser = sign_in(dana)
    chosen = [str(make_criterion().pk) for _ in range(3)]
    browser.post(
        "/scoring/models/new/",
        {"name": "Autumn", "criteria": chosen, "cut_kind": "top_n", "cut_value": "5", "participants": "Dana"},
    )
    model = ScoringModel.objects.get(name="Autumn")
    order = [str(item.pk) for item in model.items.all()][::-1]
    last = model.items.last().criterion
    browser.post(f"/scoring/models/{model.pk}/", {"method": "roc", "order": order})
    activate = f"/scoring/models/{model.pk}/activate/"
    assert f'action="{activate}"' in browser.get(f"/scoring/models/{model.pk}/").content.decode()
    browser.post(activate)
    assert activate not in browser.get(f"/scoring/models/{model.pk}/").content.decode()
    model.refresh_from_db()
    assert (model.state, model.items.first().criterion) == ("active", last)
    assert model.items.first().weight == pytest.approx(11 / 18)


def test_the_arrows_of_the_order_work_without_a_script(sign_in: Any, dana: Any) -> None:
    model = make_model(*((make_criterion(), 1 / 3) for _ in range(3)), state="draft")
    second = model.items.all()[1]
    page = sign_in(dana).post(
        f"/scoring/models/{model.pk}/",
        {"method": "roc", "order": [str(i.pk) for i in model.items.all()], "move": f"{second.pk}:up"},
    )
    assert page.context["sortable"][0]["pk"] == second.pk


def test_pairs_that_contradict_each_other_point_at_the_worst(sign_in: Any, dana: Any) -> None:
    model = make_model(*((make_criterion(), 1 / 3) for _ in range(3)), state="draft")
    a, b, c = (item.pk for item in model.items.all())
    said = {f"pair-{a}-{b}": "9", f"pair-{b}-{c}": "9", f"pair-{a}-{c}": "1/9"}
    sign_in(dana).post(f"/scoring/models/{model.pk}/", {"method": "ahp", **said})
    page = sign_in(dana).get(f"/scoring/models/{model.pk}/?method=ahp")
    assert page.status_code == 200
    model.refresh_from_db()
    assert model.weight_inputs["matrix"][0][2] == "1/9"


def test_what_if_keeps_other_weights_as_a_draft(sign_in: Any, dana: Any, alice: Any) -> None:
    run = make_ranking(3, alice)
    ScoringModel.objects.filter(pk=run.model_id).update(override_reason="two are enough")
    sign_in(dana).post(f"/scoring/runs/{run.pk}/keep/", {"w0": "20", "w1": "80", "name": "Other"})
    kept = ScoringModel.objects.get(name="Other")
    assert [item.weight for item in kept.items.all()] == [0.2, 0.8]
    assert kept.state == "draft"


@pytest.fixture
def waiting_run(dana: Any, alice: Any) -> Any:
    """A run of Dana's whose job has not ended, beside a finished one."""
    run = make_ranking(2, alice)
    job = Job.objects.create(kind="scoring.run", state="running", created_by=dana)
    return ScoreRun.objects.create(model=run.model, as_of=run.as_of, job=job)


def test_a_run_that_waits_is_a_whole_page_from_everywhere(sign_in: Any, dana: Any, waiting_run: Any) -> None:
    page = f"/scoring/ranking/?run={waiting_run.pk}"
    browser = sign_in(dana)
    assert browser.get(f"/scoring/runs/{waiting_run.pk}/").headers["Location"] == page
    asked = browser.get(f"/scoring/sure/?run={waiting_run.pk}", follow=True)
    assert asked.redirect_chain[-1][0] == page and b"</html>" in asked.content
    again = browser.get(f"/scoring/runs/{waiting_run.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert again.startswith('<div class="stack" id="run">') and "</html>" not in again


def test_a_run_that_broke_off_leads_on_and_offers_nothing_refused(
    sign_in: Any, dana: Any, alice: Any, waiting_run: Any
) -> None:
    page, job = f"/scoring/ranking/?run={waiting_run.pk}", f"/jobs/{waiting_run.job_id}/"
    assert f"{job}cancel/" in sign_in(dana).get(page).content.decode()
    assert f"{job}cancel/" not in sign_in(alice).get(page).content.decode()
    Job.objects.update(state="failed")
    assert f'href="{job}"' in sign_in(dana).get(page).content.decode()
    seen = sign_in(alice).get(page).content.decode()
    assert job not in seen and 'class="btn ghost" href="/scoring/ranking/"' in seen


def test_two_runs_of_one_day_are_told_apart(sign_in: Any, dana: Any, alice: Any) -> None:
    first = make_ranking(2, alice)
    make_run(first.model)
    page = sign_in(dana).get("/scoring/ranking/").content.decode()
    names = re.findall(r"<option value=[^>]*>([^<]*v1 ·[^<]*)</option>", page)
    assert len(set(names)) == 2
