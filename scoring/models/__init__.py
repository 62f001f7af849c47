"""Criteria, versioned models, ratings, reproducible runs and the decisions made on them, one file a topic."""

from scoring.models.conversation import PromotionConversation
from scoring.models.decision import BlindList, Decision, KamCapacity
from scoring.models.estimate import AccountEstimate
from scoring.models.method import Basis, Criterion, ModelCriterion, ScoringModel
from scoring.models.rating import Rating, RatingImport, RatingRound
from scoring.models.run import Backtest, Score, ScoreRun
from scoring.models.scenario import Scenario

__all__ = [
    "AccountEstimate",
    "Backtest",
    "Basis",
    "BlindList",
    "Criterion",
    "Decision",
    "KamCapacity",
    "ModelCriterion",
    "PromotionConversation",
    "Rating",
    "RatingImport",
    "RatingRound",
    "Scenario",
    "Score",
    "ScoreRun",
    "ScoringModel",
]
