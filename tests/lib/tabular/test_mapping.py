import pytest

from kam.lib.tabular.mapping import SURE, Field, fits, propose_mapping

FIELDS = [
    Field(
        "order", ["Invoice No", "Order ID", "Rechnungsnummer", "Belegnummer", "Auftragsnummer", "Rechnung"]
    ),
    Field("date", ["Invoice Date", "Order Date", "Belegdatum", "Rechnungsdatum", "Datum", "Date"], "date"),
    Field(
        "account", ["Customer ID", "Customer No", "Kundennummer", "Kunden-ID", "Debitor", "Kunde", "Customer"]
    ),
    Field("account_name", ["Customer Name", "Kundenname", "Firma", "Company Name"]),
    Field("offering", ["Stock Code", "Product ID", "Artikelnummer", "Artikel", "SKU"]),
    Field("quantity", ["Quantity", "Qty", "Menge", "Anzahl", "Stückzahl"], "number"),
    Field("unit_price", ["Unit Price", "Einzelpreis", "Stückpreis", "Preis", "Price"], "number"),
    Field("amount", ["Amount", "Betrag", "Umsatz", "Gesamtbetrag", "Line Total"], "number"),
    Field("country", ["Country", "Land"]),
]
RETAIL = [
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
]
RETAIL_ROW = ["536365", "85123A", "LANTERN", "6", "2010-12-01 08:26:00", "2.55", "17850", "United Kingdom"]


def mapped(header, *rows):
    return {name: p.header for name, p in propose_mapping(header, rows, FIELDS).items()}


def test_it_maps_the_retail_file():
    assert mapped(RETAIL, RETAIL_ROW) == {
        "order": "InvoiceNo",
        "date": "InvoiceDate",
        "account": "CustomerID",
        "offering": "StockCode",
        "quantity": "Quantity",
        "unit_price": "UnitPrice",
        "country": "Country",
    }


def test_it_maps_a_german_export():
    header = [
        "Rechnungsnummer",
        "Belegdatum",
        "Kundennr.",
        "Firma",
        "Artikel-Nr.",
        "Menge",
        "Einzelpreis",
        "Betrag",
        "Land",
    ]
    row = ["R-1", "28.09.2025", "4711", "Müller GmbH", "A7", "2", "12,50 €", "25,00", "DE"]
    proposals = propose_mapping(header, [row], FIELDS)
    assert [p.header for p in proposals.values()] == header[:2] + header[2:]
    assert all(p.confidence >= SURE for p in proposals.values())


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("OrderID", "order"),
        ("order_id", "order"),
        ("INVOICE NUMBER", "order"),
        ("Rechnungs-Nr", "order"),
        ("ProductID", "offering"),
        ("Kundennr.", "account"),
        ("KUNDENNUMMER", "account"),
        ("Kunden Nr", "account"),
        ("Stückzahl", "quantity"),
        ("Stueckzahl", "quantity"),
        ("Unit Price (EUR)", "unit_price"),
        ("Betrag netto", "amount"),
        ("Rechnungsdtum", "date"),
    ],
)
def test_it_knows_a_column_by_its_name(name, field):
    assert list(mapped([name])) == [field]


@pytest.mark.parametrize("name", ["Description", "Notes", "B", "", "Casino", "Farbe"])
def test_it_proposes_nothing_for_unknown_names(name):
    assert mapped([name]) == {}


def test_each_column_is_used_once():
    proposals = propose_mapping(["Kunde", "Kundennummer", "Kundenname"], [], FIELDS)
    assert {p.field: p.header for p in proposals.values()} == {
        "account": "Kundennummer",
        "account_name": "Kundenname",
    }


def test_values_that_do_not_fit_lower_the_confidence_and_are_the_reason():
    proposal = propose_mapping(["Menge"], [["viel"], ["wenig"]], FIELDS)["quantity"]
    assert proposal.confidence < 0.5
    assert "numbers" in str(proposal)


def test_the_column_with_the_fitting_values_wins():
    rows = [["offen", "2025-09-28"], ["offen", "2025-09-29"]]
    assert mapped(["Datum", "Order Date (local)"], *rows) == {"date": "Order Date (local)"}


def test_the_only_column_with_dates_is_the_date():
    proposal = propose_mapping(["Wann", "Kunde"], [["28.09.2025", "A"]], FIELDS)["date"]
    assert (proposal.header, proposal.confidence) == ("Wann", 0.4)
    assert "Wann" in str(proposal)


def test_two_columns_with_dates_are_not_guessed():
    assert "date" not in mapped(["Wann", "Bis"], ["28.09.2025", "29.09.2025"])


def test_fits_is_the_share_of_readable_values():
    assert fits("number", ["1", "2,5", "x", "3.5"]) == 0.75
    assert fits("date", ["2025-09-28", "x"]) == 0.5
    assert fits("text", ["x"]) == fits("date", []) == 1.0
