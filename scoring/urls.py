"""The pages and the API of this room."""

from django.urls import URLPattern, URLResolver, include, path

from scoring.api import (
    backtests,
    criteria,
    deciding,
    decisions,
    estimates,
    history,
    models,
    provisional,
    rating_imports,
    ratings,
    rounds,
    runs,
    scenarios,
    stability,
)
from scoring.views import backtests as backtest_pages
from scoring.views import criteria as criterion_pages
from scoring.views import deciding as deciding_pages
from scoring.views import decisions as decision_pages
from scoring.views import estimates as estimate_pages
from scoring.views import history as history_pages
from scoring.views import home
from scoring.views import models as model_pages
from scoring.views import ranking as ranking_pages
from scoring.views import rating_tables as table_pages
from scoring.views import ratings as rating_pages
from scoring.views import rounds as round_pages
from scoring.views import rules as rule_pages
from scoring.views import scenarios as scenario_pages
from scoring.views import sure as sure_pages
from scoring.views import whatif as whatif_pages

pages: list[URLPattern] = [
    path("", home.home, name="home"),
    path("criteria/", criterion_pages.criterion_list, name="criteria"),
    path("criteria/new/", criterion_pages.criterion_create, name="criterion_create"),
    path("criteria/<uuid:pk>/", criterion_pages.criterion_edit, name="criterion_edit"),
    path("criteria/<uuid:pk>/rule/", rule_pages.criterion_rule, name="criterion_rule"),
    path("criteria/<uuid:pk>/archive/", criterion_pages.criterion_archive, name="criterion_archive"),
    path("models/", model_pages.model_list, name="models"),
    path("models/new/", model_pages.model_create, name="model_create"),
    path("models/<uuid:pk>/", model_pages.weights, name="weights"),
    path("models/<uuid:pk>/activate/", model_pages.model_verb, {"verb": "activate"}, name="model_activate"),
    path("models/<uuid:pk>/retire/", model_pages.model_verb, {"verb": "retire"}, name="model_retire"),
    path("models/<uuid:pk>/copy/", model_pages.model_verb, {"verb": "copy"}, name="model_copy"),
    path("ranking/", ranking_pages.ranking, name="ranking"),
    path("ranking/csv/", ranking_pages.export, {"kind": "csv"}, name="ranking_csv"),
    path("ranking/xlsx/", ranking_pages.export, {"kind": "xlsx"}, name="ranking_xlsx"),
    path("sure/", sure_pages.sure, name="sure"),
    path("runs/start/", ranking_pages.run_start, name="run_start"),
    path("runs/<uuid:pk>/", ranking_pages.run_progress, name="run"),
    path("runs/<uuid:pk>/certainty/", sure_pages.certainty, name="certainty"),
    path("runs/<uuid:pk>/propose/", decision_pages.propose, name="propose"),
    path("runs/<uuid:pk>/why/<uuid:account>/", ranking_pages.why, name="why"),
    path("runs/<uuid:pk>/change/<uuid:account>/", history_pages.score_change, name="change"),
    path("history/", history_pages.rank_history, name="history"),
    path("ratings/", rating_pages.matrix, name="matrix"),
    path("ratings/csv/", table_pages.rating_export, {"kind": "csv"}, name="ratings_csv"),
    path("ratings/xlsx/", table_pages.rating_export, {"kind": "xlsx"}, name="ratings_xlsx"),
    path("ratings/import/", table_pages.rating_import, name="rating_import"),
    path("ratings/import/<uuid:pk>/", table_pages.rating_import_detail, name="rating_import_detail"),
    path(
        "ratings/import/<uuid:pk>/commit/",
        table_pages.rating_import_verb,
        {"verb": "commit"},
        name="rating_import_commit",
    ),
    path(
        "ratings/import/<uuid:pk>/undo/",
        table_pages.rating_import_verb,
        {"verb": "undo"},
        name="rating_import_undo",
    ),
    path(
        "ratings/import/<uuid:pk>/discard/", table_pages.rating_import_discard, name="rating_import_discard"
    ),
    path("ratings/<uuid:account>/<uuid:criterion>/", rating_pages.cell_detail, name="cell"),
    path("ratings/<uuid:account>/<uuid:criterion>/save/", rating_pages.cell, name="cell_save"),
    path("rounds/", round_pages.round_list, name="rounds"),
    path("rounds/<uuid:pk>/", round_pages.round_detail, name="round"),
    path("rounds/<uuid:pk>/carry-over/", round_pages.round_carry, name="round_carry"),
    path("rounds/<uuid:pk>/submit/", round_pages.round_submit, name="round_submit"),
    path("rounds/<uuid:pk>/close/", round_pages.round_close, name="round_close"),
    path("decisions/", decision_pages.decision_list, name="decisions"),
    path("decisions/<uuid:pk>/", decision_pages.decision_detail, name="decision"),
    path("decisions/<uuid:pk>/approve/", decision_pages.decision_approve, name="decision_approve"),
    path("decisions/<uuid:pk>/decline/", decision_pages.decision_decline, name="decision_decline"),
    path("decisions/<uuid:pk>/end/", decision_pages.decision_end, name="decision_end"),
    path("decisions/<uuid:pk>/keep/", decision_pages.decision_keep, name="decision_keep"),
    path("capacity/", deciding_pages.capacity, name="capacity"),
    path("blind/", deciding_pages.blind, name="blind"),
    path("blind/name/", deciding_pages.blind_name, name="blind_name"),
    path("blind/hand-in/", deciding_pages.blind_hand_in, name="blind_hand_in"),
    path("decisions/<uuid:pk>/certificate/", decision_pages.certificate, name="certificate"),
    path("estimates/import/", estimate_pages.estimate_import, name="estimate_import"),
    path("estimates/of/<uuid:pk>/", estimate_pages.estimates_of, name="estimates"),
    path("estimates/<uuid:pk>/withdraw/", estimate_pages.estimate_withdraw, name="estimate_withdraw"),
    path("whatif/", whatif_pages.whatif, name="whatif"),
    path("runs/<uuid:pk>/whatif/<uuid:account>/", whatif_pages.whatif_why, name="whatif_why"),
    path("runs/<uuid:pk>/keep/", whatif_pages.whatif_keep, name="whatif_keep"),
    path("runs/<uuid:pk>/scenarios/", scenario_pages.scenario_create, name="scenario_create"),
    path("scenarios/", scenario_pages.scenario_list, name="scenarios"),
    path("scenarios/<uuid:pk>/", scenario_pages.scenario_detail, name="scenario"),
    path("scenarios/<uuid:pk>/save/", scenario_pages.scenario_save, name="scenario_save"),
    path(
        "scenarios/<uuid:pk>/propose/",
        scenario_pages.scenario_verb,
        {"verb": "propose"},
        name="scenario_propose",
    ),
    path(
        "scenarios/<uuid:pk>/rebase/",
        scenario_pages.scenario_verb,
        {"verb": "rebase"},
        name="scenario_rebase",
    ),
    path(
        "scenarios/<uuid:pk>/delete/",
        scenario_pages.scenario_verb,
        {"verb": "delete"},
        name="scenario_delete",
    ),
    path(
        "scenarios/<uuid:pk>/approve/",
        scenario_pages.scenario_decide,
        {"verb": "approve"},
        name="scenario_approve",
    ),
    path(
        "scenarios/<uuid:pk>/decline/",
        scenario_pages.scenario_decide,
        {"verb": "decline"},
        name="scenario_decline",
    ),
    path("backtests/", backtest_pages.backtest_list, name="backtests"),
    path("backtests/<uuid:pk>/", backtest_pages.backtest_detail, name="backtest"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("scoring/", include((pages, "scoring")))]

api_urlpatterns: list[URLPattern] = [
    path("criteria/", criteria.CriterionList.as_view(), name="criteria"),
    path("criteria/rule-preview/", criteria.RulePreview.as_view(), name="rule_preview"),
    path("criteria/<uuid:pk>/", criteria.CriterionDetail.as_view(), name="criterion"),
    path("scoring-models/", models.ModelList.as_view(), name="scoring_models"),
    path("scoring-models/<uuid:pk>/", models.ModelDetail.as_view(), name="scoring_model"),
    path("scoring-models/<uuid:pk>/versions/", models.ModelVersions.as_view(), name="scoring_model_versions"),
    path(
        "scoring-models/<uuid:pk>/activate/", models.ModelActivation.as_view(), name="scoring_model_activate"
    ),
    path("weights/", models.WeightsView.as_view(), name="weights"),
    path("ratings/", ratings.RatingList.as_view(), name="ratings"),
    path("ratings/bulk/", ratings.RatingBulk.as_view(), name="ratings_bulk"),
    path("ratings/<uuid:pk>/", ratings.RatingDetail.as_view(), name="rating"),
    path("rating-imports/", rating_imports.RatingImportList.as_view(), name="rating_imports"),
    path("rating-imports/<uuid:pk>/", rating_imports.RatingImportDetail.as_view(), name="rating_import"),
    path(
        "rating-imports/<uuid:pk>/commit/",
        rating_imports.RatingImportCommit.as_view(),
        name="rating_import_commit",
    ),
    path(
        "rating-imports/<uuid:pk>/undo/", rating_imports.RatingImportUndo.as_view(), name="rating_import_undo"
    ),
    path("rating-rounds/", rounds.RoundList.as_view(), name="rating_rounds"),
    path(
        "rating-rounds/<uuid:pk>/agreement/", rounds.RoundAgreement.as_view(), name="rating_round_agreement"
    ),
    path(
        "rating-rounds/<uuid:pk>/carry-over/", rounds.RoundCarryOver.as_view(), name="rating_round_carry_over"
    ),
    path("rating-rounds/<uuid:pk>/progress/", rounds.RoundProgress.as_view(), name="rating_round_progress"),
    path("rating-rounds/<uuid:pk>/submit/", rounds.RoundSubmission.as_view(), name="rating_round_submit"),
    path("score-runs/", runs.RunList.as_view(), name="score_runs"),
    path("score-runs/<uuid:pk>/", runs.RunDetail.as_view(), name="score_run"),
    path("score-runs/<uuid:pk>/scores/", runs.RunScores.as_view(), name="score_run_scores"),
    path("score-runs/<uuid:pk>/stability/", stability.RunStability.as_view(), name="score_run_stability"),
    path("scenarios/", scenarios.ScenarioList.as_view(), name="scenarios"),
    path("scenarios/<uuid:pk>/", scenarios.ScenarioDetail.as_view(), name="scenario"),
    path("scenarios/<uuid:pk>/ranking/", scenarios.ScenarioRanking.as_view(), name="scenario_ranking"),
    path(
        "scenarios/<uuid:pk>/comparison/", scenarios.ScenarioComparison.as_view(), name="scenario_comparison"
    ),
    path("scenarios/<uuid:pk>/propose/", scenarios.ScenarioProposal.as_view(), name="scenario_propose"),
    path("scenarios/<uuid:pk>/rebase/", scenarios.ScenarioRebase.as_view(), name="scenario_rebase"),
    path("scenarios/<uuid:pk>/approve/", scenarios.ScenarioApproval.as_view(), name="scenario_approve"),
    path("scenarios/<uuid:pk>/decline/", scenarios.ScenarioRefusal.as_view(), name="scenario_decline"),
    path("score-runs/<uuid:pk>/history/", history.RankHistory.as_view(), name="score_run_history"),
    path(
        "score-runs/<uuid:pk>/accounts/<uuid:account>/comparison/",
        history.ScoreComparison.as_view(),
        name="score_comparison",
    ),
    path(
        "score-runs/<uuid:pk>/accounts/<uuid:account>/provisional/",
        provisional.ProvisionalScore.as_view(),
        name="provisional_score",
    ),
    path("backtests/", backtests.BacktestList.as_view(), name="backtests"),
    path("backtests/<uuid:pk>/", backtests.BacktestDetail.as_view(), name="backtest"),
    path("account-estimates/", estimates.EstimateList.as_view(), name="estimates"),
    path("account-estimates/bulk/", estimates.EstimateBulk.as_view(), name="estimates_bulk"),
    path("account-estimates/<uuid:pk>/", estimates.EstimateDetail.as_view(), name="estimate"),
    path("decisions/exceptions/", deciding.ExceptionList.as_view(), name="decision_exceptions"),
    path("decisions/<uuid:pk>/keep/", deciding.DecisionReview.as_view(), name="decision_keep"),
    path("kam-capacities/", deciding.CapacityList.as_view(), name="kam_capacities"),
    path("blind-lists/", deciding.BlindLists.as_view(), name="blind_lists"),
    path("score-runs/<uuid:pk>/blind-lists/", deciding.BlindOverlap.as_view(), name="score_run_blind_lists"),
    path("decisions/", decisions.DecisionList.as_view(), name="decisions"),
    path("decisions/<uuid:pk>/", decisions.DecisionDetail.as_view(), name="decision"),
    path("decisions/<uuid:pk>/approve/", decisions.DecisionApproval.as_view(), name="decision_approve"),
    path("decisions/<uuid:pk>/decline/", decisions.DecisionRefusal.as_view(), name="decision_decline"),
    path("decisions/<uuid:pk>/end/", decisions.DecisionEnd.as_view(), name="decision_end"),
]
