"""What a column of an imported file can mean."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:  # the stubs' name for what gettext_lazy returns
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class ImportField:
    """A field with its label, the words that headers use for it, and the kind of its values."""

    code: str
    label: "str | _StrPromise"
    words: tuple[str, ...]
    values: str = "text"
    help: "str | _StrPromise" = ""
    required: bool = False


SALES = (
    ImportField(
        "order",
        _("Order or invoice number"),
        (
            "order no",
            "order number",
            "order id",
            "invoice no",
            "invoice number",
            "invoice",
            "auftragsnummer",
            "auftragsnr",
            "auftrag",
            "bestellnummer",
            "bestellnr",
            "bestellung",
            "rechnungsnummer",
            "rechnungsnr",
            "belegnummer",
            "belegnr",
            "opportunity id",
            "order",
        ),
        required=True,
    ),
    ImportField(
        "date",
        _("Date"),
        (
            "order date",
            "invoice date",
            "date",
            "datum",
            "auftragsdatum",
            "bestelldatum",
            "rechnungsdatum",
            "belegdatum",
            "buchungsdatum",
            "close date",
        ),
        values="date",
        required=True,
    ),
    ImportField(
        "account",
        _("Account id"),
        (
            "customer id",
            "customer no",
            "customer number",
            "account id",
            "account no",
            "kundennummer",
            "kundennr",
            "kunden nr",
            "debitor",
            "debitorennummer",
            "account",
            "customer",
            "kunde",
        ),
        help=_("the number by which the source knows the customer"),
        required=True,
    ),
    ImportField(
        "account_name",
        _("Account name"),
        (
            "customer name",
            "account name",
            "company name",
            "company",
            "kundenname",
            "firma",
            "name",
            "client name",
            "firmenname",
            "unternehmen",
            "organisation",
            "organization",
            # Later than among the words for the id, which takes a column called so unless it has a better one.
            "account",
            "customer",
            "kunde",
        ),
    ),
    ImportField(
        "offering",
        _("Offering code"),
        (
            "stock code",
            "product id",
            "product code",
            "article no",
            "article number",
            "item",
            "sku",
            "artikelnummer",
            "artikelnr",
            "artikel",
            "materialnummer",
            "produkt",
            "product",
            "offering",
        ),
    ),
    ImportField(
        "offering_name",
        _("Offering name"),
        (
            "description",
            "product name",
            "item description",
            "bezeichnung",
            "artikelbezeichnung",
            "produktname",
            "beschreibung",
        ),
    ),
    ImportField(
        "quantity",
        _("Quantity"),
        ("quantity", "qty", "menge", "bestellmenge", "anzahl", "stueck", "stueckzahl"),
        values="number",
    ),
    ImportField(
        "unit_price",
        _("Unit price"),
        ("unit price", "price", "einzelpreis", "stueckpreis", "preis", "epreis"),
        values="number",
    ),
    ImportField(
        "amount",
        _("Amount"),
        (
            "net amount",
            "line total",
            "amount",
            "total",
            "betrag",
            "nettobetrag",
            "umsatz",
            "positionswert",
            "warenwert",
            "sales",
            "revenue",
            "close value",
            "value",
            "wert",
        ),
        values="number",
        help=_("of the line, net of tax; else quantity × unit price"),
    ),
    ImportField(
        "discount_rate",
        _("Discount as a fraction"),
        ("discount rate", "discount", "rabattsatz"),
        values="number",
        help=_("0.15 is 15%; the amount is lowered by it"),
    ),
    ImportField(
        "discount_amount",
        _("Discount amount"),
        ("discount amount", "rabatt", "rabattbetrag", "nachlass"),
        values="number",
        help=_("already taken off the unit price or the amount; neither is lowered by it"),
    ),
    ImportField(
        "cost",
        _("Cost of goods"),
        ("cost", "cost of goods", "cogs", "kosten", "einstandswert", "wareneinsatz"),
        values="number",
    ),
    ImportField("country", _("Country"), ("country", "land", "ship country", "lieferland")),
    ImportField("currency", _("Currency"), ("currency", "waehrung", "currency code")),
    ImportField(
        "line",
        _("Line number"),
        ("line no", "line number", "position", "pos", "positionsnummer", "posnr", "zeilennummer"),
        help=_("of the order; with it a changed line is recognised with certainty"),
    ),
)

ACCOUNTS = (
    ImportField(
        "external_id",
        _("Account id"),
        (
            "customer id",
            "customer no",
            "customer number",
            "account id",
            "account no",
            "kundennummer",
            "kundennr",
            "kunden nr",
            "debitor",
            "debitorennummer",
            "id",
            "lei",
            "external id",
        ),
        help=_("the number by which the source knows the customer"),
    ),
    ImportField(
        "name",
        _("Legal name"),
        (
            "legal name",
            "company name",
            "account name",
            "customer name",
            "company",
            "firma",
            "firmenname",
            "name",
            "account",
            "kunde",
            "unternehmen",
            "security",
        ),
    ),
    ImportField("brand_name", _("Brand name"), ("brand name", "brand", "marke", "kurzname", "trade name")),
    ImportField(
        "domain",
        _("Web domain"),
        ("domain", "web domain", "website", "webseite", "homepage", "company domain name", "url", "internet"),
    ),
    ImportField("vat_id", _("VAT id"), ("vat id", "vat", "vat number", "ust id", "ustid", "ust idnr", "uid")),
    ImportField("industry", _("Industry"), ("industry", "sector", "branche", "gics sector")),
    ImportField("street", _("Street"), ("street", "address", "strasse", "billing street", "anschrift")),
    ImportField(
        "postal_code",
        _("Postal code"),
        ("postal code", "postalcode", "zip", "zip code", "plz", "postleitzahl"),
    ),
    ImportField("city", _("City"), ("city", "town", "ort", "stadt", "billing city")),
    ImportField("country", _("Country"), ("country", "land", "office location", "billing country")),
    ImportField("latitude", _("Latitude"), ("latitude", "lat", "breite", "breitengrad"), values="number"),
    ImportField(
        "longitude", _("Longitude"), ("longitude", "lon", "lng", "laenge", "laengengrad"), values="number"
    ),
    ImportField("currency", _("Currency"), ("currency", "waehrung", "currency code")),
    ImportField(
        "employees",
        _("Employees"),
        ("employees", "number of employees", "mitarbeiter", "mitarbeiterzahl", "beschaeftigte"),
        values="number",
    ),
    ImportField(
        "payment_terms_days",
        _("Payment terms (days)"),
        ("payment terms", "payment terms days", "zahlungsziel", "zahlungsziel tage"),
        values="number",
    ),
    ImportField("status", _("Status"), ("status", "account status")),
    ImportField(
        "parent",
        _("Parent company"),
        (
            "parent account",
            "parent company",
            "parent",
            "parent id",
            "subsidiary of",
            "muttergesellschaft",
            "mutterunternehmen",
            "konzernmutter",
            "mutter",
            "konzern",
        ),
        help=_("id or name of an account, in this file or in the system"),
    ),
    ImportField(
        "contact_name",
        _("Name of the contact"),
        (
            "contact name",
            "contact person",
            "contact",
            "ansprechpartner",
            "ansprechperson",
            "kontaktperson",
            "kontakt",
            "nachname",
            "last name",
        ),
        help=_("whole name of a person, or the last name where first names have a column of their own"),
    ),
    ImportField(
        "contact_first_name", _("Contact's first name"), ("first name", "contact first name", "vorname")
    ),
    ImportField(
        "contact_email",
        _("Contact's e-mail"),
        ("contact email", "email", "email address", "mail", "emailadresse", "mailadresse"),
        help=_("people are recognised by it"),
    ),
    ImportField(
        "contact_phone",
        _("Contact's phone"),
        (
            "contact phone",
            "phone",
            "phone number",
            "telephone",
            "telefon",
            "telefonnummer",
            "tel",
            "rufnummer",
        ),
    ),
    ImportField(
        "contact_job_title",
        _("Contact's function"),
        ("contact title", "job title", "contact function", "function", "funktion", "position"),
    ),
)

BY_KIND: dict[str, tuple[ImportField, ...]] = {"sales": SALES, "accounts": ACCOUNTS}


def field_named(kind: str, code: str) -> ImportField | None:
    """Return a field by its code, None when there is none."""
    return next((field for field in BY_KIND[kind] if field.code == code), None)
