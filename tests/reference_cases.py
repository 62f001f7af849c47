"""The published numbers again, from the collection beside the project when it is there."""

import json
from collections.abc import Mapping
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
