"""The published numbers again, from the collection beside the project when it is there."""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tests.shared_data import shared_data


def reference_cases(topic: str, method: str) -> list[Mapping[str, Any]]:
    """Return the cases of a topic and method, or skip the test when the collection is not there."""
    collection = json.loads((shared_data("reference-cases") / f"{topic}.json").read_text())
    found = [case for case in collection["cases"] if case["method"] == method]
    assert found, f"no case {method} in {topic}"
    return found


def tolerance(case: Mapping[str, Any], key: str = "abs") -> float:
    """Return the absolute tolerance of a case, for one key or for all."""
    allowed = case["tolerance"]
    if not isinstance(allowed, Mapping):
        return float(allowed)
    own = allowed.get(key, allowed)
    return float(own["abs"] if isinstance(own, Mapping) else own)


def matrix_of(node: Mapping[str, Any]) -> list[list[Any]]:
    """Return the matrix of a pairwise comparison; a pair [a, b, v] says that a is v times as important as b."""
    if "matrix" in node:
        return list(node["matrix"])
    labels = node["labels"]
    matrix: list[list[Any]] = [[1.0 if i == j else None for j in labels] for i in labels]
    for a, b, value in node["pairs"]:
        i, j = labels.index(a), labels.index(b)
        number = float(Fraction(value))
        matrix[i][j], matrix[j][i] = number, 1 / number
    return matrix
