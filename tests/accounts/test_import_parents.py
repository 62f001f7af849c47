"""Parents in an account file: by id or name, in the file or in the system, and never in a circle."""

from typing import Any

import pytest
from django.core.files.base import ContentFile

from accounts.actions import imports
from accounts.actions.accounts import update_account
from accounts.models import Account, Activity
from kam.integrations.models import ImportBatch
from tests.accounts.test_import_pieces import Died, Dying, job
from tests.accounts.test_import_sales import run, tally
from tests.factories import make_account, make_contact
from tests.shared_data import shared_data

__all__ = ["job"]
pytestmark = pytest.mark.django_db
HEAD = "customer id,name,city,parent\n"
# The lowest stands first: who is above is known only when the whole file has been seen.
GROUP = HEAD + "3,Works GmbH,Ulm,2\n2,Holding AG,Ulm,World Inc\n1,World Inc,Ulm,\n"


def receive(text: str, **options: Any) -> ImportBatch:
    file = ContentFile(text.encode(), name="a.csv")
    return imports.receive_file(file, by=None, kind="accounts", options=options)


def bring_in(text: str, **options: Any) -> dict[str, Any]:
    batch = receive(text, **options)
    checked, committed = run(imports.CHECK, batch), run(imports.COMMIT, batch)
    assert checked == committed
    return committed


def above(external_id: str) -> tuple[str | None, str | None]:
    account = Account.objects.select_related("parent", "ultimate_parent").get(
        references__external_id=external_id
    )
    tops = (account.parent, account.ultimate_parent)
    return tuple(top.name if top else None for top in tops)


def reasons(result: dict[str, Any]) -> dict[str, list[int]]:
    return {reason["code"]: reason["first_rows"] for reason in result["reasons"]}


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.imports.accounts.ROWS_A_PIECE", 2)


def test_a_parent_is_found_by_id_and_by_name_wherever_it_stands_in_the_file() -> None:
    assert tally(bring_in(GROUP)) == (3, 3, 0, 0, 0, 0)
    assert above("3") == ("Holding AG", "World Inc")
    assert above("2") == ("World Inc", "World Inc")
    assert above("1") == (None, None)


def test_the_same_file_again_changes_nothing() -> None:
    bring_in(GROUP)
    before = list(Account.objects.order_by("pk").values())
    assert tally(bring_in(GROUP)) == (3, 0, 3, 0, 0, 0)
    assert list(Account.objects.order_by("pk").values()) == before


def test_a_parent_of_the_system_is_found_by_id_by_name_and_by_brand() -> None:
    make_account("Alpha GmbH", external_id="A")
    make_account("Müller GmbH")
    result = bring_in(HEAD + "5,Five,,A\n6,Six,,MUELLER AG\n")
    assert tally(result)[:2] == (2, 2)
    assert (above("5")[0], above("6")[0]) == ("Alpha GmbH", "Müller GmbH")


def test_what_stands_below_a_moved_account_gets_its_new_top() -> None:
    works = make_account("Works GmbH", external_id="3")
    make_account("Line 1", external_id="9", parent=works, ultimate_parent=works)
    assert tally(bring_in(GROUP)) == (3, 2, 0, 1, 0, 0)
    assert above("9") == ("Works GmbH", "World Inc")


def test_a_move_stands_in_the_timeline_by_name() -> None:
    old = make_account("Old Owner")
    works = make_account("Works GmbH", external_id="3", city="Ulm", parent=old, ultimate_parent=old)
    bring_in(GROUP)
    details = Activity.objects.get(account=works).details
    assert (details["before"], details["after"]) == ({"parent": "Old Owner"}, {"parent": "Holding AG"})


def test_a_parent_that_nobody_knows_refuses_the_row_and_those_below_it() -> None:
    result = bring_in(HEAD + "1,One,,Nobody Ltd\n2,Two,,1\n3,Three,,\n")
    assert (tally(result), reasons(result)) == ((3, 1, 0, 0, 2, 0), {"parent_unknown": [2, 3]})
    assert [account.name for account in Account.objects.all()] == ["Three"]


def test_a_name_that_several_have_is_not_guessed() -> None:
    for city in ("Ulm", "Bonn"):
        make_account("Meier AG", city=city)
    assert reasons(bring_in(HEAD + "1,One,,Meier\n")) == {"parent_ambiguous": [2]}


def test_a_circle_refuses_its_rows_and_names_them() -> None:
    batch = receive(HEAD + "1,One,,3\n2,Two,,1\n3,Three,,2\n4,Four,,4\n5,Five,,\n6,Six,,5\n")
    result = run(imports.COMMIT, batch)
    assert reasons(result) == {"parent_circle": [2, 3, 4, 5]}
    batch.refresh_from_db()
    assert batch.problems[0]["params"] == {"names": "One → Three → Two → One"}
    assert above("6") == ("Five", "Five")


def test_a_circle_through_accounts_of_the_system_is_seen() -> None:
    one = make_account("One", external_id="1")
    make_account("Two", external_id="2", parent=one, ultimate_parent=one)
    assert reasons(bring_in(HEAD + "1,One,,2\n")) == {"parent_circle": [2]}
    assert above("1") == (None, None)


def test_two_accounts_can_change_places() -> None:
    one = make_account("One", external_id="1")
    make_account("Two", external_id="2", parent=one, ultimate_parent=one)
    bring_in(HEAD + "1,One,,2\n2,Two,,\n", clear_empty=True)
    assert (above("1"), above("2")) == (("Two", "Two"), (None, None))


def test_a_group_has_at_most_twenty_levels() -> None:
    rows = "".join(f"{n},Level {n},,{n - 1 if n > 1 else ''}\n" for n in range(1, 24))
    assert reasons(bring_in(HEAD + rows)) == {"parent_too_deep": [23, 24]}


def test_an_empty_cell_leaves_the_parent_unless_it_shall_clear() -> None:
    bring_in(GROUP)
    without = GROUP.replace("World Inc\n1", "\n1")
    bring_in(without)
    assert above("2") == ("World Inc", "World Inc")
    bring_in(without, clear_empty=True)
    assert (above("2"), above("3")) == ((None, None), ("Holding AG", "Holding AG"))


def test_undo_returns_parents_and_removes_whole_groups() -> None:
    old = make_account("Old Owner")
    works = make_account("Works GmbH", external_id="3", city="Ulm", parent=old, ultimate_parent=old)
    make_account("Line 1", external_id="9", parent=works, ultimate_parent=old)
    before = list(Account.objects.order_by("pk").values())
    batch = receive(GROUP + "4,Sales Ltd,Ulm,3\n")
    run(imports.COMMIT, batch)
    result = run(imports.UNDO, batch)
    assert (result["accounts_removed"], result["accounts_restored"], result["kept"]) == (3, 1, 0)
    after = list(Account.objects.order_by("pk").values())
    assert [row | {"updated_at": None} for row in after] == [row | {"updated_at": None} for row in before]


def test_undo_keeps_what_stands_above_an_account_that_is_in_use() -> None:
    batch = receive(GROUP + "4,Other AG,Ulm,1\n")
    run(imports.COMMIT, batch)
    make_contact(Account.objects.get(references__external_id="2"))
    result = run(imports.UNDO, batch)
    assert (result["accounts_removed"], result["kept"]) == (2, 2)
    assert above("2") == ("World Inc", "World Inc")


def test_undo_leaves_a_parent_that_somebody_chose_since(dana) -> None:
    works = make_account("Works GmbH", external_id="3", city="Ulm")
    other = make_account("Other AG")
    batch = receive(GROUP)
    run(imports.COMMIT, batch)
    works.refresh_from_db()
    update_account(works, values={"parent": other}, by=dana)
    assert run(imports.UNDO, batch)["kept"] == 1
    assert above("3") == ("Other AG", "Other AG")


def test_a_killed_import_links_parents_when_it_goes_on(job: Any) -> None:
    batch = receive(GROUP)
    with pytest.raises(Died):
        imports.commit_import(batch, run=Dying(job))
    job.refresh_from_db()
    assert tally(imports.commit_import(batch, run=imports.JobRun(job))) == (3, 3, 0, 0, 0, 0)
    assert above("3") == ("Holding AG", "World Inc")


@pytest.mark.acceptance
def test_maven_subsidiaries_get_their_parents() -> None:
    file = shared_data("maven-crm-sales-opportunities") / "accounts.csv"
    result = bring_in(file.read_text(), match="name_city")
    assert tally(result)[:2] == (85, 85)
    rows = [line.rsplit(",", 1) for line in file.read_text().splitlines()[1:]]
    wanted = {row[0].split(",")[0]: row[1] for row in rows if row[1]}
    linked = Account.objects.filter(parent__isnull=False).values_list("name", "parent__name")
    assert dict(linked) == wanted
