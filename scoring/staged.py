"""A run of a model that people rate throughout, computed where its ratings are.

The ratings are gathered once, into a table of this connection's own with one row an account: a column ``r`` a
criterion for the mean (NULL: none), and ``n`` where it does not apply. What is left is one statement that adds up,
ranks and stores. The sums run in the order of ``scoring.ranking``, so that both agree to the last bit.
"""

import marshal
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Avg, Count, Q

from scoring.models import ModelCriterion, Rating, Score, ScoreRun
from scoring.ranking import DECIMALS, HIGHEST, LOWEST
from scoring.rules import Context
from scoring.run_inputs import FLOAT, latest_ratings
from scoring.weights import normalised

BLOCK = 5_000
DROP = "DROP TABLE IF EXISTS scoring_cells"
# An account with orders stands in a run before anybody has rated it.
UNRATED = """
INSERT INTO scoring_cells (account_id)
SELECT id FROM (SELECT id FROM accounts_account EXCEPT SELECT account_id FROM scoring_cells) AS unrated
WHERE EXISTS (
    SELECT 1 FROM accounts_salesorder AS sold
    WHERE sold.account_id = unrated.id AND sold.lines > 0 AND sold.ordered_on <= %s
)
ORDER BY id
"""
COUNTED = (
    "SELECT (SELECT COUNT(*) FROM accounts_account), COUNT(*), COALESCE(SUM(said), 0), {} FROM scoring_cells"
)
# It does not depend on the order in which the database finds the rows; two seeds make 128 bits.
FINGERPRINT = """
SELECT COUNT(*), BIT_XOR(hash_record_extended(cells, 0)), BIT_XOR(hash_record_extended(cells, 1))
FROM scoring_cells AS cells
"""
RANK = """
INSERT INTO scoring_score (run_id, account_id, position, rank, previous_rank, total, low, high, completeness,
    facts, ratings)
SELECT %s, account_id, ROW_NUMBER() OVER (ORDER BY whole DESC, account_id), RANK() OVER (ORDER BY whole DESC),
    {before}, low, low, {high}, {completeness}, '[]', {list}
FROM (
    SELECT summed.*, ROUND(low * 1e{decimals}) AS whole FROM (
        SELECT weighed.*, {low} AS low FROM (SELECT *{shares} FROM scoring_cells{applies}) AS weighed
    ) AS summed
) AS ranked{earlier}
"""
EARLIER = """
LEFT JOIN (SELECT account_id AS earlier_id, rank AS earlier_rank FROM scoring_score WHERE run_id = %s) AS earlier
    ON earlier_id = account_id
"""


@dataclass(frozen=True)
class StagedInputs:
    """What has been gathered. ``accounts`` counts those that somebody rated or sold to.

    ``is_exact`` says that every mean is the rating of one person, so that fifteen digits are all of it.
    """

    contexts: list[Context]
    accounts: int
    has_refusals: bool
    is_exact: bool
    fingerprint: str

    @property
    def is_complete(self) -> bool:
        """Whether every account has a rating by every criterion, so that nothing is open between low and high."""
        return all(context["count"] == self.accounts for context in self.contexts)


def staged_inputs(items: Sequence[ModelCriterion], as_of: date) -> StagedInputs:
    """Gather the ratings up to a day; ``rank_staged`` finds them on the same connection."""
    criteria = [item.criterion_id for item in items]
    has_refusals = Rating.objects.filter(criterion__in=criteria, not_applicable=True).exists()
    with connections[Score.objects.db].cursor() as cursor:
        cursor.execute(DROP)
        statement, parameters = _cells(criteria, as_of, has_refusals)
        cursor.execute(f"CREATE TEMPORARY TABLE scoring_cells AS {statement}", parameters)
        cursor.execute(COUNTED.format(", ".join(f"COUNT(r{n})" for n in range(len(criteria)))))
        everybody, accounts, said, *known = cursor.fetchone()
        if accounts < everybody:
            cursor.execute(UNRATED, [as_of.isoformat()])
            accounts += cursor.rowcount
        contexts: list[Context] = [{"count": count} for count in known]
        return StagedInputs(contexts, accounts, has_refusals, said == sum(known), _fingerprint(cursor))


def rank_staged(run: ScoreRun, staged: StagedInputs) -> int:
    """Write the scores of a run from what has been gathered, and return how many there are."""
    connection = connections[Score.objects.db]
    to_key = ScoreRun._meta.pk.get_db_prep_value
    parameters = [to_key(run.pk, connection)]
    if run.previous:
        parameters.append(to_key(run.previous.scores_in_id, connection))
    with connection.cursor() as cursor:
        cursor.execute(_ranking(run, staged, connection.vendor), parameters)
        return int(cursor.rowcount)


def drop_staged() -> None:
    """Give back what the gathered ratings take."""
    with connections[Score.objects.db].cursor() as cursor:
        cursor.execute(DROP)


def _cells(criteria: Sequence[UUID], as_of: date, has_refusals: bool) -> tuple[str, Any]:
    """Return the statement for one row an account. A criterion applies as soon as one rater gave a number."""
    of = [Q(criterion=pk) for pk in criteria]
    found: dict[str, Any] = {f"r{n}": Avg(FLOAT, filter=here) for n, here in enumerate(of)}
    if has_refusals:
        found |= {f"n{n}": Count("account", filter=here & Q(value=None)) for n, here in enumerate(of)}
    rows = latest_ratings(as_of).filter(criterion__in=criteria).order_by()
    return rows.values("account_id").annotate(said=Count("value"), **found).query.sql_with_params()


def _fingerprint(cursor: Any) -> str:
    """Return the same text for the same cells."""
    if cursor.db.vendor == "postgresql":
        cursor.execute(FINGERPRINT)
        return str(cursor.fetchone())
    whole = sha256()
    cursor.execute("SELECT * FROM scoring_cells")
    while rows := cursor.fetchmany(BLOCK):
        # The second format is the last one whose bytes say nothing about who else holds an object.
        whole.update(marshal.dumps(rows, 2))
    return whole.hexdigest()


def _ranking(run: ScoreRun, staged: StagedInputs, vendor: str) -> str:
    places = range(len(run.weights))
    given = normalised(run.weights)
    shares, applies, weights = "", "", [_number(share) for share in _scaled(given)]
    if staged.has_refusals:
        applying = [f"CASE WHEN {_refused(n)} THEN 0.0 ELSE {_number(given[n])} END" for n in places]
        all_of_it = f"({' + '.join(applying)})"
        shares = "".join(f", {applying[n]} / NULLIF({all_of_it}, 0.0) AS w{n}" for n in places)
        applies, weights = f" WHERE {all_of_it} > 0.0", [f"w{n}" for n in places]
    high, completeness = "low", "1.0"
    if not staged.is_complete:
        missing = " + ".join(f"CASE WHEN r{n} IS NULL THEN {weights[n]} ELSE 0.0 END" for n in places)
        rated = " OR ".join(f"r{n} IS NOT NULL" for n in places if given[n] > 0)
        high = " + ".join(f"{weights[n]} * COALESCE(r{n}, {_number(HIGHEST)})" for n in places)
        completeness = f"CASE WHEN {rated} THEN 1.0 - ({missing}) ELSE 0.0 END"
    return RANK.format(
        before="earlier_rank" if run.previous else "NULL",
        earlier=EARLIER if run.previous else "",
        list=_list(staged, vendor, len(run.weights)),
        decimals=DECIMALS,
        low=" + ".join(f"{weights[n]} * COALESCE(r{n}, {_number(LOWEST)})" for n in places),
        high=high,
        completeness=completeness,
        shares=shares,
        applies=applies,
    )


def _scaled(given: Sequence[float]) -> list[float]:
    """Return the weights where everything applies; their sum can be one without its last bit."""
    whole = 0.0
    for share in given:
        whole += share
    return [share / whole for share in given]


def _list(staged: StagedInputs, vendor: str, width: int) -> str:
    """Return the expression for the stored list: a number, null where missing, "na" where it does not apply."""
    if vendor == "postgresql":
        cells, array = [f"r{n}" for n in range(width)], "jsonb_build_array"
        choice = "CASE WHEN {refused} THEN to_jsonb('na'::text) ELSE to_jsonb({cell}) END"
    else:
        # SQLite writes numbers with fifteen digits, which a mean of several raters can need two more of.
        exact = "json(COALESCE(printf('%%!.17g', r{n}), 'null'))"
        cells = [f"r{n}" if staged.is_exact else exact.format(n=n) for n in range(width)]
        array, choice = "json_array", "CASE WHEN {refused} THEN 'na' ELSE {cell} END"
        if not staged.is_exact:
            choice = "json(CASE WHEN {refused} THEN '\"na\"' ELSE {cell} END)"
    if staged.has_refusals:
        cells = [choice.format(refused=_refused(n), cell=cell) for n, cell in enumerate(cells)]
    return f"{array}({', '.join(cells)})"


def _refused(place: int) -> str:
    return f"(r{place} IS NULL AND n{place} > 0)"


def _number(value: float) -> str:
    return f"CAST({value!r} AS double precision)"
