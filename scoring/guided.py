"""Guided rating: a criterion's questions, answered yes, partly or no, propose a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from scoring.models import Criterion
from scoring.ranking import HIGHEST, LOWEST

ANSWERS = {
    "yes": (_("Yes"), Decimal(1)),
    "partly": (_("Partly"), Decimal("0.5")),
    "no": (_("No"), Decimal(0)),
}
HALF = Decimal("0.5")


@dataclass(frozen=True)
class Question:
    """A question with the name of its field and what was answered, if anything."""

    name: str
    text: str
    answer: str

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """Return (value, words, chosen) of each answer."""
        return [(value, str(words), value == self.answer) for value, (words, _share) in ANSWERS.items()]


@dataclass(frozen=True)
class Guide:
    """The questions of a criterion as they were answered. All yes proposes 10, all no 1, the mean what lies between."""

    questions: list[Question]

    @property
    def answered(self) -> int:
        return sum(question.answer in ANSWERS for question in self.questions)

    @property
    def proposal(self) -> Decimal | None:
        """The value the answers propose, in halves; None without an answer."""
        shares = [ANSWERS[question.answer][1] for question in self.questions if question.answer in ANSWERS]
        if not shares:
            return None
        low, high = Decimal(LOWEST), Decimal(HIGHEST)
        value = low + (high - low) * sum(shares) / len(shares)
        return (value / HALF).quantize(Decimal(1), ROUND_HALF_UP) * HALF


def guide_of(criterion: Criterion, given: Mapping[str, str]) -> Guide:
    """Return the questions of a criterion with the answers that the address holds."""
    texts = [text for text in criterion.question_texts if text]
    return Guide([Question(f"q{n}", text, given.get(f"q{n}", "")) for n, text in enumerate(texts, start=1)])
