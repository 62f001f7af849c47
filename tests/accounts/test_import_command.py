"""The import at the terminal: refusals and reasons as sentences, in the language that is read there."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.models import SalesOrder
from kam.integrations.models import ImportBatch
from tests.accounts.test_import_sales import FILE, HEADER, bring_in

pytestmark = pytest.mark.django_db


def test_a_command_keeps_no_file_that_it_would_have_to_ask_about(tmp_path: Path) -> None:
    file = tmp_path / "sales.csv"
    file.write_text(f"{HEADER}A1,01/02/2026,C1,P1,2,10.50,Germany\n")
    with pytest.raises(CommandError, match="01/02/2026"):
        call_command("import_sales", file)
    assert not ImportBatch.objects.exists()


def test_the_command_says_reasons_as_sentences(tmp_path: Path) -> None:
    file, out, err = tmp_path / "a.csv", StringIO(), StringIO()
    file.write_text("order,date,account,product,quantity,unit_price\nA1,2024-06-13,C1,P1,abc,1\n")
    columns = [f"--map={n}={n}" for n in ("order", "date", "account", "quantity", "unit_price")]
    columns.append("--map=offering=product")
    call_command("import_sales", str(file), *columns, "--json", stdout=out)
    assert json.loads(out.getvalue())["reasons"][0]["message"] == "Keine Zahl"
    call_command("import_sales", str(file), *columns, "--dry-run", stdout=out, stderr=err)
    assert "Keine Zahl (1): Zeile 2" in err.getvalue()
    with pytest.raises(CommandError, match="„order“ ist zweimal angegeben"):
        call_command("import_sales", str(file), *columns, "--map=order=account")


@pytest.mark.parametrize(
    ("language", "refusal", "praise"),
    [
        ("de", "Es gibt keinen Import X.", "Die Summen stimmen mit ihren Umsatzpositionen überein."),
        ("en", "There is no import X.", "The roll-ups equal their lines."),
    ],
)
def test_the_other_commands_speak_the_language_of_the_installation(
    language: str, refusal: str, praise: str
) -> None:
    out = StringIO()
    with translation.override(language):
        with pytest.raises(CommandError, match=re.escape(refusal)):
            call_command("undo_import", "X")
        call_command("verify_rollups", "--repair", stdout=out)
        assert praise in out.getvalue()
        bring_in(FILE)
        SalesOrder.objects.filter(order_no="A1").update(net=1)
        with pytest.raises(CommandError, match=r"^\d+ "):
            call_command("verify_rollups", stderr=StringIO())
