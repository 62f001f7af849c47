"""The pages and the API of this room."""

from django.urls import URLPattern, URLResolver, path

from scoring.api import criteria, decisions, models, ratings, runs

urlpatterns: list[URLPattern | URLResolver] = []

api_urlpatterns: list[URLPattern] = [
    path("criteria/", criteria.CriterionList.as_view(), name="criteria"),
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
    path("score-runs/", runs.RunList.as_view(), name="score_runs"),
    path("score-runs/<uuid:pk>/", runs.RunDetail.as_view(), name="score_run"),
    path("score-runs/<uuid:pk>/scores/", runs.RunScores.as_view(), name="score_run_scores"),
    path("score-runs/<uuid:pk>/stability/", runs.RunStability.as_view(), name="score_run_stability"),
    path("decisions/", decisions.DecisionList.as_view(), name="decisions"),
    path("decisions/<uuid:pk>/", decisions.DecisionDetail.as_view(), name="decision"),
    path("decisions/<uuid:pk>/approve/", decisions.DecisionApproval.as_view(), name="decision_approve"),
    path("decisions/<uuid:pk>/decline/", decisions.DecisionRefusal.as_view(), name="decision_decline"),
    path("decisions/<uuid:pk>/end/", decisions.DecisionEnd.as_view(), name="decision_end"),
]
