"""The tables of this room, one file a topic."""

from goals.models.beta import BetaFeedback, BetaLimits, BetaParticipation, BetaProgramme
from goals.models.costs import CostRates
from goals.models.goal import Goal, GoalActivity, GoalTarget, Milestone
from goals.models.health import HealthMonth
from goals.models.metric import VALUE, Measurement, Metric
from goals.models.period import AccountPeriod
from goals.models.pipeline import Contract, Opportunity
from goals.models.plan import (
    AccountYear,
    Challenge,
    Expectation,
    JointProject,
    Plan,
    Procedure,
    Promise,
    ValueEntry,
)
from goals.models.playbook import Playbook, PlaybookRun, PlaybookStep
from goals.models.table import TableImport

__all__ = [
    "VALUE",
    "AccountPeriod",
    "AccountYear",
    "BetaFeedback",
    "BetaLimits",
    "BetaParticipation",
    "BetaProgramme",
    "Challenge",
    "Contract",
    "CostRates",
    "Expectation",
    "Goal",
    "GoalActivity",
    "GoalTarget",
    "HealthMonth",
    "JointProject",
    "Measurement",
    "Metric",
    "Milestone",
    "Opportunity",
    "Plan",
    "Playbook",
    "PlaybookRun",
    "PlaybookStep",
    "Procedure",
    "Promise",
    "TableImport",
    "ValueEntry",
]
