"""Criteria, versioned models, ratings, reproducible runs and the decisions made on them, one file a topic."""

from scoring.models.decision import Decision
from scoring.models.method import Basis, Criterion, ModelCriterion, ScoringModel
from scoring.models.rating import Rating, RatingRound
from scoring.models.run import Backtest, Score, ScoreRun

__all__ = [
    "Backtest",
    "Basis",
    "Criterion",
    "Decision",
    "ModelCriterion",
    "Rating",
    "RatingRound",
    "Score",
    "ScoreRun",
    "ScoringModel",
]
