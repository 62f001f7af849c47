"""A portfolio of any size, written by the database itself."""

from django.db import connection

from benchmarks.facts import POSTGRES, SQLITE, Dialect
from benchmarks.measure import Size

CITIES = ("Köln", "Ulm", "Kassel", "Dresden", "Bremen", "Münster", "Linz", "Basel")
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < {}) "
NOW = "'2026-01-01 08:00:00'"


def dialect() -> Dialect:
    """Return the words of the database in use."""
    return SQLITE if connection.vendor == "sqlite" else POSTGRES


def fill(size: Size, owner_id: object) -> None:
    """Write accounts with three contacts each, orders of two lines, roll-ups and five ratings an account."""
    owner = f"'{owner_id}'" if connection.vendor == "postgresql" else f"'{str(owner_id).replace('-', '')}'"
    with connection.cursor() as cursor:
        for statement in [
            _accounts(size, owner), _references(), _contacts(), *_sales(size), *_ratings(owner), _key_accounts()
        ]:  # fmt: skip
            cursor.execute(statement)
        # As autovacuum leaves tables that have come to rest: what lies in an index is read there alone.
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _accounts(size: Size, owner: str) -> str:
    d = dialect()
    texts = ("brand_name", "vat_id", "industry", "street", "postal_code", "country")
    cities = " ".join(f"WHEN {place} THEN '{city}'" for place, city in enumerate(CITIES))
    city = f"CASE i % {len(CITIES)} {cities} END"
    domain = "CASE i % 4 WHEN 0 THEN '' ELSE 'k' || i || '.example' END"
    blank = ", ".join(["''"] * len(texts))
    return (
        f"INSERT INTO accounts_account (id, created_at, updated_at, version, name, {', '.join(texts)}, city, domain,"
        " currency, status, search_text, sort_key, owner_id) "
        + NUMBERS.format(size.accounts)
        + f"SELECT {d.key}, {NOW}, {NOW}, 1, 'Kunde ' || (i * 7919 % {size.accounts}) || ' GmbH', {blank}, {city},"
        f" {domain}, 'EUR', 'active', ' kunde ' || (i * 7919 % {size.accounts}) || ' gmbh k' || i || ' ',"
        f" 'kunde ' || (i * 7919 % {size.accounts}), {owner} FROM n"
    )


def _key_accounts() -> str:
    return (
        "UPDATE accounts_account SET key_since = '2023-01-01' WHERE id IN"
        " (SELECT account_id FROM accounts_salesorder WHERE order_no = 'O1' ORDER BY gross DESC LIMIT 40)"
    )


def _references() -> str:
    return (
        "INSERT INTO accounts_accountreference (id, source, external_id, account_id)"
        f" SELECT {dialect().key}, 'erp', name, id FROM accounts_account"
    )


def _contacts() -> str:
    d = dialect()
    return (
        "INSERT INTO accounts_contact (id, created_at, updated_at, version, account_id, first_name, last_name,"
        f" job_title, department, language, note, search_text, sort_key) {NUMBERS.format(3)}"
        f"SELECT {d.key}, {NOW}, {NOW}, 1, a.id, 'Anna', 'Muster ' || n.i, 'Einkauf', '', 'de', '', 'anna muster',"
        " 'muster anna' FROM accounts_account a, n"
    )


def _sales(size: Size) -> list[str]:
    from benchmarks.facts import statements

    return [statement for statement in statements(size.orders, dialect()) if statement != "ANALYZE"]


def _ratings(owner: str) -> list[str]:
    d = dialect()
    criteria = [
        "INSERT INTO scoring_criterion (id, created_at, updated_at, version, code, name_de, name_en, need_de, need_en,"
        ' source, data_source_de, data_source_en, fact, basis, "window", rule, anchors, questions, growth_metric,'
        f" higher_is_better, may_be_not_applicable, is_shipped) {NUMBERS.format(5)}"
        f"SELECT {d.key}, {NOW}, {NOW}, 1, 'bench-' || i, 'B' || i, 'B' || i, '', '', 'rated', '', '', '', 'net',"
        f" 'all', '{{}}', '{{}}', '[]', '', {d.yes}, {d.yes}, {d.no} FROM n"
    ]
    ratings = (
        "INSERT INTO scoring_rating (id, created_at, updated_at, version, account_id, criterion_id, value,"
        f" not_applicable, note, evidence_url, rated_on, submitted_at, rater_id) SELECT {d.key}, {NOW}, {NOW}, 1, a.id,"
        f" c.id, 1 + {d.chance} % 91 / 10.0, {d.no}, '', '', '2026-01-01', {NOW}, {owner}"
        " FROM accounts_account a, scoring_criterion c WHERE c.code LIKE 'bench-%%'"
    )
    return [*criteria, ratings]
