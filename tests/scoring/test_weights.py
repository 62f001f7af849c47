"""Weights of criteria against published numbers."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.weights import (
    RANDOM_INDEX,
    WeightError,
    ahp,
    normalised,
    rank_exponent,
    rank_sum,
    reciprocal,
    roc,
    swing,
)
from tests.reference_cases import matrix_of, reference_cases

LEADER = [[1, 4, 3, 7], ["1/4", 1, "1/3", 3], ["1/3", 3, 1, 5], ["1/7", "1/3", "1/5", 1]]
DRINKS = [
    [1, 9, 5, 2, 1, 1, "1/2"],
    ["1/9", 1, "1/3", "1/9", "1/9", "1/9", "1/9"],
    ["1/5", 3, 1, "1/3", "1/4", "1/3", "1/9"],
    ["1/2", 9, 3, 1, "1/2", 1, "1/3"],
    [1, 9, 4, 2, 1, 2, "1/2"],
    [1, 9, 3, 1, "1/2", 1, "1/3"],
    [2, 9, 9, 3, 2, 3, 1],
]
SCHOOL = [
    [1, 4, 3, 1, 3, 4],
    ["1/4", 1, 7, 3, "1/5", 1],
    ["1/3", "1/7", 1, "1/5", "1/5", "1/6"],
    [1, "1/3", 5, 1, 1, "1/3"],
    ["1/3", 5, 5, 1, 1, 3],
    ["1/4", 1, 6, 3, "1/3", 1],
]
RANK_METHODS = {
    "rank-order-centroid": roc,
    "rank-sum": rank_sum,
    "rank-reciprocal": reciprocal,
    "rank-exponent": rank_exponent,
}


@pytest.mark.parametrize(
    ("method", "n", "expected"),
    [
        (roc, 2, [0.75, 0.25]),
        (roc, 3, [0.6111, 0.2778, 0.1111]),
        (roc, 4, [0.5208, 0.2708, 0.1458, 0.0625]),
        (roc, 5, [0.4567, 0.2567, 0.1567, 0.0900, 0.0400]),
        (rank_sum, 4, [0.4, 0.3, 0.2, 0.1]),
        (reciprocal, 4, [0.48, 0.24, 0.16, 0.12]),
        (reciprocal, 3, [0.5455, 0.2727, 0.1818]),
    ],
)
def test_rank_weights_are_the_published_ones(method, n, expected):
    assert method(range(1, n + 1)) == pytest.approx(expected, abs=6e-5)


def test_tied_criteria_share_the_mean_of_their_places():
    assert roc([1, 2, 2]) == pytest.approx([0.6111, 0.19445, 0.19445], abs=6e-5)


def test_competition_and_dense_ranks_mean_the_same_order():
    assert roc([2, 1, 2, 4]) == roc([2, 1, 2, 3])


def test_all_criteria_tied_weigh_the_same():
    assert roc([1, 1, 1, 1]) == pytest.approx([0.25] * 4)


@given(st.permutations(range(1, 7)), st.sampled_from([roc, rank_sum, reciprocal]))
def test_weights_follow_the_criteria_when_these_are_reordered(ranks, method):
    ordered = method(range(1, 7))
    assert method(ranks) == tuple(ordered[rank - 1] for rank in ranks)
    assert math.fsum(method(ranks)) == pytest.approx(1)


def test_swings_are_scaled_to_one():
    assert swing([100, 60, 40]) == pytest.approx([0.5, 0.3, 0.2])


@given(st.lists(st.floats(0.001, 1e6), min_size=1, max_size=8), st.floats(0.001, 1000))
def test_the_unit_of_typed_weights_does_not_matter(weights, factor):
    assert normalised([w * factor for w in weights]) == pytest.approx(normalised(weights), rel=1e-9)


def test_enormous_weights_do_not_overflow():
    assert normalised([1.7e308, 1.7e308]) == (0.5, 0.5)


def test_the_leader_example_comes_out():
    result = ahp(LEADER)
    assert result.weights == pytest.approx([0.547, 0.127, 0.270, 0.056], abs=0.0011)
    assert result.cr == pytest.approx(0.044, abs=0.0011)
    assert (result.random_index, result.random_index_table) == (0.90, "saaty_1980")


def test_the_drinks_example_comes_out():
    result = ahp(DRINKS, table="saaty_2008")
    assert result.weights == pytest.approx([0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327], abs=0.0006)
    assert result.cr == pytest.approx(0.022, abs=0.0006)


def test_a_contradictory_matrix_has_weights_and_names_its_worst_judgement():
    result = ahp(SCHOOL)
    assert result.weights == pytest.approx([0.3208, 0.1395, 0.0348, 0.1285, 0.2374, 0.1391], abs=0.0006)
    assert (result.lambda_max, result.cr) == pytest.approx((7.42, 0.229), abs=0.0006)
    assert not result.is_consistent
    departures = {
        (i, j): abs(math.log(Fraction(SCHOOL[i][j])) - math.log(result.weights[i] / result.weights[j]))
        for i in range(6)
        for j in range(i + 1, 6)
    }
    assert result.worst == max(departures, key=departures.get)


def test_a_consistent_matrix_has_ratio_zero_and_no_worst_judgement():
    result = ahp([[1, 6, 3], ["1/6", 1, "1/2"], ["1/3", 2, 1]])
    assert result.weights == pytest.approx([2 / 3, 1 / 9, 2 / 9])
    assert (result.cr, result.worst) == (pytest.approx(0, abs=1e-9), None)


def test_one_wrong_judgement_in_a_consistent_matrix_is_found():
    matrix = [[w / v for v in (8, 4, 2, 1)] for w in (8, 4, 2, 1)]
    matrix[1][3], matrix[3][1] = 1 / 4, 4
    assert ahp(matrix).worst == (1, 3)


@pytest.mark.parametrize(("matrix", "weights"), [([[1]], [1.0]), ([[1, 3], ["1/3", 1]], [0.75, 0.25])])
def test_one_or_two_criteria_are_consistent_by_definition(matrix, weights):
    result = ahp(matrix)
    assert result.weights == pytest.approx(weights)
    assert (result.ci, result.cr, result.worst) == (0.0, 0.0, None)


def test_reciprocals_rounded_to_two_decimals_are_accepted():
    rounded = ahp([[1, 3, 8], [0.33, 1, 6], [0.12, 0.17, 1]])
    exact = ahp([[1, 3, 8], ["1/3", 1, 6], ["1/8", "1/6", 1]])
    assert rounded.weights == exact.weights


def test_matrices_beyond_the_table_of_1980_name_the_later_one():
    assert ahp([[1] * 12] * 12).random_index_table == "saaty_2008"


@given(st.lists(st.floats(0.1, 10), min_size=3, max_size=8))
def test_ratios_of_weights_give_the_weights_back(weights):
    result = ahp([[w / v for v in weights] for w in weights])
    assert result.weights == pytest.approx(normalised(weights), rel=1e-6)
    assert result.cr < 1e-6


BAD_INPUT = [
    (normalised, [], "weights_empty"),
    (normalised, [0, 0], "weights_all_zero"),
    (normalised, [1, -1], "weight_negative"),
    (normalised, [1, None], "weight_missing"),
    (normalised, [1, float("nan")], "weight_missing"),
    (normalised, [1, True], "weight_missing"),
    (normalised, [1, 10**400], "weight_missing"),
    (normalised, [1, "9" * 400], "weight_missing"),
    (normalised, [1, {}], "weight_missing"),
    (roc, [], "weights_empty"),
    (roc, [1, None, 2], "rank_missing"),
    (roc, [1, 2.5], "rank_invalid"),
    (roc, [0, 1], "rank_invalid"),
    (roc, [1, 3], "ranks_have_gaps"),
    (roc, [2, 3], "ranks_have_gaps"),
    (ahp, [], "weights_empty"),
    (ahp, [[1, 2]], "matrix_not_square"),
    (ahp, [1, 2], "matrix_not_square"),
    (ahp, [[1, 2], [0.5]], "matrix_not_square"),
    (ahp, [[1, None], [1, 1]], "matrix_incomplete"),
    (ahp, [[1, 2], ["1/0", 1]], "matrix_incomplete"),
    (ahp, [[1, 2], ["", 1]], "matrix_incomplete"),
    (ahp, [[1, -2], [-0.5, 1]], "judgement_out_of_range"),
    (ahp, [[1, 0], [0, 1]], "judgement_out_of_range"),
    (ahp, [[1, 3], [3, 1]], "matrix_not_reciprocal"),
    (ahp, [[1, 100], [0.0145, 1]], "matrix_not_reciprocal"),
    (ahp, [[2, 3], ["1/3", 1]], "matrix_diagonal"),
    (ahp, [[1] * 16] * 16, "matrix_too_large"),
]


@pytest.mark.parametrize(("method", "value", "code"), BAD_INPUT)
def test_bad_input_is_refused_with_a_code_and_a_sentence(method, value, code):
    with pytest.raises(WeightError) as refusal:
        method(value)
    assert refusal.value.code == code
    assert "%" not in str(refusal.value)


def test_an_inconsistent_matrix_is_refused_when_asked():
    with pytest.raises(WeightError) as refusal:
        ahp(SCHOOL, largest_ratio=0.1)
    assert refusal.value.code == "matrix_inconsistent"
    assert "0.23" in str(refusal.value)


@pytest.mark.acceptance
def test_all_reference_rank_weights_come_out():
    for case in reference_cases("rank-weights", "rank_weights"):
        given_ = case["input"]
        exponent = [given_["exponent"]] if "exponent" in given_ else []
        weights = RANK_METHODS[given_["kind"]](range(1, given_["n"] + 1), *exponent)
        assert weights == pytest.approx(case["expected"]["weights"], abs=case["tolerance"]["abs"]), case["id"]


@pytest.mark.acceptance
def test_all_reference_comparisons_come_out():
    for case in reference_cases("ahp", "ahp_priorities"):
        result = ahp(matrix_of(case["input"]), priorities=case["input"].get("prioritisation", "eigenvector"))
        expected, tolerance = case["expected"], case["tolerance"]["abs"]
        if "weights" in expected:
            weights = expected["weights"]
            wanted = (
                [weights[name] for name in case["input"]["labels"]] if isinstance(weights, dict) else weights
            )
            assert result.weights == pytest.approx(wanted, abs=tolerance), case["id"]
        ratio = result.ci / case["input"]["random_index"]
        assert ratio == pytest.approx(expected["consistency_ratio"], abs=tolerance), case["id"]
        assert result.ci == pytest.approx(expected.get("consistency_index", result.ci), abs=tolerance), case[
            "id"
        ]
        assert result.lambda_max == pytest.approx(
            expected.get("lambda_max", result.lambda_max), abs=tolerance
        )


@pytest.mark.acceptance
def test_all_reference_hierarchies_come_out():
    for case in reference_cases("ahp", "ahp_hierarchy"):
        nodes, goal = case["input"]["nodes"], case["input"]["goal"]
        method = case["input"].get("prioritisation", "eigenvector")
        top = ahp(matrix_of(nodes[goal]), priorities=method).weights
        total: dict[str, float] = {}
        for criterion, weight in zip(nodes[goal]["labels"], top, strict=True):
            for name, share in _local(nodes[criterion], method).items():
                total[name] = total.get(name, 0) + weight * share
        assert total == pytest.approx(case["expected"]["alternatives"], abs=case["tolerance"]["abs"]), case[
            "id"
        ]


@pytest.mark.acceptance
def test_the_random_index_tables_are_the_published_ones():
    expected = reference_cases("ahp", "constant")[0]["expected"]
    for table, values in RANDOM_INDEX.items():
        assert values == {int(n): index for n, index in expected[table].items()}


def _local(node, method):
    if "scores" in node:
        return dict(zip(node["scores"], normalised(list(node["scores"].values())), strict=True))
    return dict(zip(node["labels"], ahp(matrix_of(node), priorities=method).weights, strict=True))
