"""Every published case of these topics is asked for by a test: a new one in the collection cannot be passed over."""

import json
import re
from pathlib import Path

import pytest

from tests.shared_data import shared_data

TOPICS = ("growth-retention", "solvency", "customer-base", "forecast")
ASKED = re.compile(r'reference_cases\("([a-z-]+)", "([a-z_]+)"\)')


@pytest.mark.parametrize("topic", TOPICS)
def test_every_method_of_a_topic_is_asked_for(topic: str) -> None:
    cases = json.loads((shared_data("reference-cases") / f"{topic}.json").read_text())["cases"]
    tests = (path.read_text() for path in Path(__file__).parent.rglob("test_*.py"))
    asked = {method for text in tests for found, method in ASKED.findall(text) if found == topic}
    assert {case["method"] for case in cases} - asked == set()
