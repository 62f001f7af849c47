"""Criteria, versioned models, ratings, reproducible runs and the decisions made on them, one file a topic."""

from scoring.models.decision import Decision
from scoring.models.method import Basis, Criterion, ModelCriterion, ScoringModel
from scoring.models.rating import Rating, RatingRound
from scoring.models.run import Backtest, Score, ScoreRun
from scoring.models.scenario import Scenario

__all__ = [
    "Backtest",
    "Basis",
    "Criterion",
    "Decision",
    "ModelCriterion",
    "Rating",
    "RatingRound",
    "Scenario",
    "Score",
    "ScoreRun",
    "ScoringModel",
]
