"""Other methods, against published numbers."""

import numpy as np
import pytest

from scoring import second_opinions as methods
from scoring.ranking import score_matrix
from tests.reference_cases import reference_cases

TZENG = np.array([[5.0, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]])
WEIGHTS, MORE = [0.3, 0.4, 0.3], [1, 1, 1]
DIAKOULAKI = np.array(
    [
        [61, 1.08, 4.33],
        [20.7, 0.26, 4.34],
        [16.3, 1.98, 2.53],
        [9, 3.29, 1.65],
        [5.4, 2.77, 2.33],
        [4, 4.12, 1.21],
        [-6.1, 3.52, 2.1],
        [-34.6, 3.31, 0.98],
    ]
)
OBJECTIVE = {
    "entropy": methods.entropy_weights,
    "std_weights": methods.deviation_weights,
    "critic": methods.critic_weights,
}
RANKINGS = {
    "aras": methods.aras,
    "edas": methods.edas,
    "moora": methods.moora,
    "codas": methods.codas,
    "marcos": methods.marcos,
    "promethee2": methods.promethee,
    "topsis": methods.topsis,
}


def test_topsis_of_tzeng_and_huang_comes_out():
    closeness = methods.topsis(TZENG, WEIGHTS, MORE)
    assert closeness == pytest.approx([0.5037, 0.6581, 0.7482, 0.3340], abs=0.0001)


def test_vikor_of_the_same_ratings_comes_out():
    group, regret, compromise = methods.vikor(TZENG, WEIGHTS, MORE)
    assert group == pytest.approx([0.6, 0.3, 0.15, 0.65])
    assert regret == pytest.approx([0.3, 0.2, 0.15, 0.4])
    assert compromise == pytest.approx([0.75, 0.25, 0.0, 1.0])


def test_promethee_of_zhao_comes_out():
    flow = methods.promethee(np.array([[4.0, 3, 2], [3, 2, 4], [5, 1, 3]]), [0.5, 0.3, 0.2], MORE)
    assert flow == pytest.approx([0.1, -0.3, 0.2])


def test_critic_of_diakoulaki_comes_out():
    assert methods.critic_weights(DIAKOULAKI) == pytest.approx([0.20222554, 0.48090173, 0.31687273], abs=1e-7)


def test_spotis_between_one_and_ten_mirrors_the_weighted_sum():
    distance = methods.spotis(TZENG, WEIGHTS, MORE, np.array([[1, 10]] * 3))
    assert 10 - 9 * distance == pytest.approx(score_matrix(TZENG, WEIGHTS).total)


@pytest.mark.parametrize("accounts", [1, 3])
def test_accounts_that_do_not_differ_have_no_distance(accounts):
    _, _, compromise = methods.vikor(np.full((accounts, 2), 5.0), [1, 1], [1, 1])
    assert list(compromise) == [0] * accounts


@pytest.mark.acceptance
@pytest.mark.parametrize("method", OBJECTIVE)
def test_all_reference_objective_weights_come_out(method):
    for case in reference_cases("objective-weights", method):
        options = {key: value for key, value in case["input"].items() if key != "matrix"}
        weights = OBJECTIVE[method](np.array(case["input"]["matrix"], dtype=float), **options)
        assert weights == pytest.approx(case["expected"]["weights"], abs=case["tolerance"]["abs"]), case["id"]


@pytest.mark.acceptance
@pytest.mark.parametrize("method", [*RANKINGS, "wsm", "wpm", "vikor", "spotis"])
def test_all_reference_rankings_come_out(method):
    for case in reference_cases("ranking", method):
        for key, found in _results(case).items():
            assert found == pytest.approx(case["expected"][key], abs=case["tolerance"]["abs"]), (
                case["id"],
                key,
            )


def _results(case):
    given = dict(case["input"])
    matrix, weights = np.array(given.pop("matrix"), dtype=float), given.pop("weights")
    method = case["method"]
    if method == "wsm":
        return {"scores": score_matrix(matrix, weights).total * sum(weights)}
    if method == "wpm":
        return {"log10_scores": methods.weighted_product(matrix, weights)}
    if method == "vikor":
        return dict(zip("SRQ", methods.vikor(matrix, weights, given["types"]), strict=True))
    if method == "spotis":
        bounds = np.array(given["bounds"], dtype=float)
        return {"distance": methods.spotis(matrix, weights, given["types"], bounds)}
    name = next(iter(case["expected"]))
    return {name: RANKINGS[method](matrix, weights, **given)}
