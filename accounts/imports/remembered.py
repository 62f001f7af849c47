"""What a text of a file means, found out once: a column of many rows has few different texts."""

from collections.abc import Callable
from typing import Any

from kam.lib.tabular.problems import ValueProblem

MEMORY = 20_000


class Remembered(dict[Any, Any]):
    """Reads each text once; one that cannot be read is remembered as its ValueProblem, with the column's name."""

    def __init__(self, read: Callable[[Any], Any], column: str = "") -> None:
        super().__init__()
        self._read, self._column = read, column
        self.has_problems = False

    def __missing__(self, text: Any) -> Any:
        if len(self) > MEMORY:
            self.clear()
        try:
            value = self._read(text)
        except ValueProblem as problem:
            value, self.has_problems = problem, True
            problem.column = self._column
        self[text] = value
        return value
