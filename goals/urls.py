"""The pages and the API of this room."""

from django.urls import URLPattern, URLResolver, include, path

from goals.api import beta as beta_api
from goals.api import contributions as contribution_api
from goals.api import engagement as engagement_api
from goals.api import expecting as expecting_api
from goals.api import goals, growth, health, library, metrics
from goals.api import pipeline as pipeline_api
from goals.api import plan_pages as plan_page_api
from goals.api import plans as plans_api
from goals.api import playbooks as playbook_api
from goals.api import portfolio as portfolio_api
from goals.api import promotion as promotion_api
from goals.api import settings as settings_api
from goals.api import tables as table_api
from goals.api import verbs as verb_api
from goals.api import work as work_api
from goals.views import beta, check_ins, engagements, pipeline, plans, playbooks, promotion, work
from goals.views import goals as pages
from goals.views import growth as growth_pages
from goals.views import health as health_pages
from goals.views import metrics as metric_pages

goal_pages: list[URLPattern | URLResolver] = [
    path("goals/", pages.goal_list, name="list"),
    path("goals/new/", pages.goal_create, name="create"),
    path("goals/work/", work.work_list, name="work"),
    path("activities/<uuid:pk>/goal/", work.work_link, name="work_link"),
    path("activities/<uuid:pk>/no-goal/", work.work_unlink, name="work_unlink"),
    path("goals/check-in/", check_ins.check_in_start, name="check_ins"),
    path("goals/check-in/<uuid:pk>/", check_ins.check_in_one, name="check_in_one"),
    path("goals/<uuid:pk>/", pages.goal_detail, name="detail"),
    path("goals/<uuid:pk>/edit/", pages.goal_edit, name="edit"),
    path("goals/<uuid:pk>/check-in/", pages.goal_check_in, name="check_in"),
    path("goals/<uuid:pk>/work/", pages.goal_log, name="log"),
    path("goals/<uuid:pk>/close/", pages.goal_close, name="close"),
    path("goals/<uuid:pk>/reopen/", pages.goal_reopen, name="reopen"),
    path("goals/<uuid:pk>/milestones/", pages.milestone_add, name="milestone_add"),
    path("milestones/<uuid:pk>/tick/", pages.milestone_tick, name="milestone_tick"),
    path("accounts/<uuid:pk>/plan/", plans.account_plan, name="plan"),
    path("accounts/<uuid:pk>/plan/edit/", plans.plan_edit, name="plan_edit"),
    path("accounts/<uuid:pk>/plan/customer/", plans.plan_customer, name="plan_customer"),
    path("accounts/<uuid:pk>/plan/template/", plans.plan_template, name="plan_template"),
    path("accounts/<uuid:pk>/plan/take-over/", plans.plan_take_over, name="plan_take_over"),
    path("accounts/<uuid:pk>/plan/playbooks/", playbooks.playbook_start, name="playbook_start"),
    path("accounts/<uuid:pk>/plan/add/<slug:kind>/", plans.entry_add, name="entry_add"),
    path("accounts/<uuid:pk>/plan/set/<slug:kind>/", plans.guarded_entry_add, name="guarded_entry_add"),
    path("plan-entries/<slug:kind>/<uuid:pk>/", plans.entry_edit, name="entry_edit"),
    path("plan-settings/<slug:kind>/<uuid:pk>/", plans.guarded_entry_edit, name="guarded_entry_edit"),
    path("removed-entries/<uuid:pk>/restore/", plans.entry_restore, name="entry_restore"),
    path("promises/<uuid:pk>/state/", plans.promise_close, name="promise_close"),
    path("decisions/<uuid:pk>/conversation/", promotion.promotion, name="promotion"),
    path("expectations/<uuid:pk>/accept/", plans.expectation_accept, name="expectation_accept"),
    path("accounts/<uuid:pk>/growth/", growth_pages.account_growth, name="growth"),
    path("accounts/<uuid:pk>/growth/peers/", growth_pages.account_peers, name="peers"),
    path("accounts/<uuid:pk>/growth/fiscal-years/", growth_pages.fiscal_years, name="fiscal_years"),
    path("accounts/<uuid:pk>/growth/offer/", pipeline.anticipate, name="anticipate"),
    path("accounts/<uuid:pk>/engagement/", engagements.account_engagement, name="engagement"),
    path("accounts/<uuid:pk>/engagement/log/", engagements.engagement_log, name="engagement_log"),
    path("accounts/<uuid:pk>/ahead/", pipeline.ahead, name="ahead"),
    path("goals/opportunities/", pipeline.opportunity_list, name="opportunities"),
    path("goals/opportunities/<uuid:pk>/stage/", pipeline.opportunity_stage, name="opportunity_stage"),
    path("goals/beta/", beta.beta_list, name="betas"),
    path("goals/beta/new/", beta.beta_create, name="beta_create"),
    path("goals/beta/limits/", beta.beta_limits, name="beta_limits"),
    path("goals/beta/<uuid:pk>/", beta.beta_detail, name="beta"),
    path("goals/beta/<uuid:pk>/edit/", beta.beta_edit, name="beta_edit"),
    path("goals/beta/<uuid:pk>/close/", beta.beta_close, name="beta_close"),
    path("goals/beta/<uuid:pk>/invite/", beta.beta_invite, name="beta_invite"),
    path("goals/beta/participations/<uuid:pk>/", beta.participation, name="participation"),
    path("goals/beta/participations/<uuid:pk>/move/", beta.participation_move, name="participation_move"),
    path(
        "goals/beta/participations/<uuid:pk>/feedback/",
        beta.participation_feedback,
        name="participation_feedback",
    ),
    path("goals/contracts/", pipeline.contract_list, name="contracts"),
    path("accounts/<uuid:pk>/metrics/", metric_pages.account_metrics, name="metrics"),
    path("accounts/<uuid:pk>/metrics/add/", metric_pages.metric_from_library, name="metric_from_library"),
    path("goals/metrics/library/", metric_pages.library, name="library"),
    path("goals/metrics/import/", metric_pages.table_import, name="table_import"),
    path("goals/metrics/import/<uuid:pk>/undo/", metric_pages.table_undo, name="table_undo"),
    path("metrics/<uuid:pk>/", metric_pages.metric_detail, name="metric"),
    path("portfolio/growth/", growth_pages.portfolio, name="portfolio_growth"),
    path("portfolio/health/", health_pages.portfolio_health, name="portfolio_health"),
    path("portfolio/growth/rates/", growth_pages.rates, name="rates"),
    path("goals/playbooks/", playbooks.playbook_list, name="playbooks"),
    path("goals/playbooks/new/", playbooks.playbook_create, name="playbook_create"),
    path("goals/playbooks/<uuid:pk>/", playbooks.playbook_edit, name="playbook_edit"),
    path("goals/playbooks/<uuid:pk>/retire/", playbooks.playbook_retire, name="playbook_retire"),
    path("goals/playbooks/<uuid:pk>/restore/", playbooks.playbook_restore, name="playbook_restore"),
    path("playbook-runs/<uuid:pk>/end/", playbooks.playbook_end, name="playbook_end"),
]
urlpatterns: list[URLPattern | URLResolver] = [path("", include((goal_pages, "goals")))]

api_urlpatterns: list[URLPattern] = [
    path("goals/", goals.GoalList.as_view(), name="goals"),
    path("goals/<uuid:pk>/", goals.GoalDetail.as_view(), name="goal"),
    path("goals/<uuid:pk>/progress/", goals.GoalProgress.as_view(), name="goal_progress"),
    path("goals/<uuid:pk>/check-in/", goals.GoalCheckIn.as_view(), name="goal_check_in"),
    path("goals/<uuid:pk>/work/", goals.GoalWork.as_view(), name="goal_work"),
    path("goals/<uuid:pk>/history/", goals.GoalHistory.as_view(), name="goal_history"),
    path("goals/<uuid:pk>/close/", goals.GoalClose.as_view(), name="goal_close"),
    path("goals/<uuid:pk>/reopen/", goals.GoalReopen.as_view(), name="goal_reopen"),
    path("work-without-goal/", work_api.WorkWithoutGoal.as_view(), name="work_without_goal"),
    path("activities/<uuid:pk>/goal/", work_api.ActivityGoal.as_view(), name="activity_goal"),
    path("check-in-queue/", work_api.CheckInQueue.as_view(), name="check_in_queue"),
    path("portfolio/retention/", growth.RetentionView.as_view(), name="retention"),
    path("portfolio/health/", health.HealthList.as_view(), name="portfolio_health"),
    path("portfolio/health/backtest/", health.HealthBacktestView.as_view(), name="health_backtest"),
    path("accounts/<uuid:pk>/growth/", growth.GrowthView.as_view(), name="account_growth"),
    path(
        "accounts/<uuid:pk>/contribution/", contribution_api.ContributionView.as_view(), name="contribution"
    ),
    path("accounts/<uuid:pk>/growth/bridge/", contribution_api.BridgeView.as_view(), name="account_bridge"),
    path("accounts/<uuid:pk>/growth/forecast/", expecting_api.ForecastView.as_view(), name="forecast"),
    path("accounts/<uuid:pk>/growth/offerings/", expecting_api.OfferingsView.as_view(), name="offering_use"),
    path("accounts/<uuid:pk>/growth/wallet/", expecting_api.WalletView.as_view(), name="share_of_wallet"),
    path("accounts/<uuid:pk>/growth/peers/", expecting_api.PeersView.as_view(), name="peers"),
    path("accounts/<uuid:pk>/health/", health.AccountHealth.as_view(), name="account_health"),
    path(
        "portfolio/contribution/",
        portfolio_api.PortfolioContribution.as_view(),
        name="portfolio_contribution",
    ),
    path("portfolio/programme-effect/", portfolio_api.ProgrammeEffect.as_view(), name="programme_effect"),
    path("cost-rates/", settings_api.CostRatesView.as_view(), name="cost_rates"),
    path("beta-limits/", settings_api.BetaLimitsView.as_view(), name="beta_limits"),
    path("accounts/<uuid:pk>/metric-coverage/", library.MetricCoverageView.as_view(), name="metric_coverage"),
    path("metrics/", metrics.MetricList.as_view(), name="metrics"),
    path("metrics/<uuid:pk>/", metrics.MetricDetail.as_view(), name="metric"),
    path("metrics/<uuid:pk>/standing/", metrics.MetricStanding.as_view(), name="metric_standing"),
    path("metric-library/", library.MetricLibrary.as_view(), name="metric_library"),
    path("metric-tables/", table_api.TableList.as_view(), name="metric_tables"),
    path("metric-tables/<uuid:pk>/undo/", table_api.TableUndo.as_view(), name="metric_table_undo"),
    path("accounts/<uuid:pk>/fiscal-years/", plan_page_api.FiscalYears.as_view(), name="fiscal_years"),
    path("metrics/<uuid:pk>/measurements/", metrics.MeasurementList.as_view(), name="measurements"),
    path("accounts/<uuid:pk>/engagement/", engagement_api.AccountEngagement.as_view(), name="engagement"),
    path("beta-programmes/", beta_api.BetaProgrammeList.as_view(), name="beta_programmes"),
    path("beta-programmes/<uuid:pk>/", beta_api.BetaProgrammeDetail.as_view(), name="beta_programme"),
    path("beta-programmes/<uuid:pk>/close/", beta_api.BetaClose.as_view(), name="beta_close"),
    path("beta-programmes/<uuid:pk>/reopen/", beta_api.BetaReopen.as_view(), name="beta_reopen"),
    path("beta-programmes/<uuid:pk>/candidates/", beta_api.BetaCandidates.as_view(), name="beta_candidates"),
    path(
        "beta-programmes/<uuid:pk>/invitations/",
        beta_api.BetaInvitations.as_view(),
        name="beta_invitations",
    ),
    path("beta-participations/", beta_api.ParticipationList.as_view(), name="participations"),
    path("beta-participations/<uuid:pk>/", beta_api.ParticipationDetail.as_view(), name="participation"),
    path(
        "beta-participations/<uuid:pk>/feedback/",
        beta_api.ParticipationFeedback.as_view(),
        name="participation_feedback",
    ),
    path("opportunities/", pipeline_api.OpportunityList.as_view(), name="opportunities"),
    path("opportunities/<uuid:pk>/", pipeline_api.OpportunityDetail.as_view(), name="opportunity"),
    path("contracts/", pipeline_api.ContractList.as_view(), name="contracts"),
    path("contracts/<uuid:pk>/", pipeline_api.ContractDetail.as_view(), name="contract"),
    path("accounts/<uuid:pk>/anticipations/", pipeline_api.AnticipationList.as_view(), name="anticipations"),
    path(
        "decisions/<uuid:pk>/conversation/", promotion_api.DecisionConversation.as_view(), name="conversation"
    ),
    path("plan-templates/", plan_page_api.PlanTemplates.as_view(), name="plan_templates"),
    path("plans/<uuid:account>/standing/", plan_page_api.PlanStanding.as_view(), name="plan_standing"),
    path("plans/<uuid:account>/customer/", plan_page_api.PlanForCustomer.as_view(), name="plan_customer"),
    path("plans/<uuid:account>/template/", plan_page_api.PlanFromTemplate.as_view(), name="plan_template"),
    path("plans/<uuid:account>/take-over/", plan_page_api.PlanTakeOver.as_view(), name="plan_take_over"),
    path("plans/<uuid:account>/", plans_api.PlanDetail.as_view(), name="plan"),
    path("plans/<uuid:pk>/entries/<slug:kind>/", plans_api.EntryList.as_view(), name="plan_entries"),
    path("plans/<uuid:pk>/settings/<slug:kind>/", plans_api.GuardedEntryList.as_view(), name="plan_settings"),
    path("plan-entries/<slug:kind>/<uuid:pk>/", plans_api.EntryDetail.as_view(), name="plan_entry"),
    path("plan-settings/<slug:kind>/<uuid:pk>/", plans_api.GuardedEntryDetail.as_view(), name="plan_setting"),
    path("removed-entries/<uuid:pk>/restore/", plans_api.RemovedEntry.as_view(), name="removed_entry"),
    path("promises/<uuid:pk>/state/", verb_api.PromiseState.as_view(), name="promise_state"),
    path("expectations/<uuid:pk>/accept/", verb_api.ExpectationAcceptance.as_view(), name="expectation"),
    path("goals/<uuid:pk>/milestones/", verb_api.GoalMilestones.as_view(), name="milestones"),
    path("milestones/<uuid:pk>/tick/", verb_api.MilestoneTick.as_view(), name="milestone_tick"),
    path("playbooks/", playbook_api.PlaybookList.as_view(), name="playbooks"),
    path("playbooks/<uuid:pk>/", playbook_api.PlaybookDetail.as_view(), name="playbook"),
    path("playbooks/<uuid:pk>/retire/", playbook_api.PlaybookRetire.as_view(), name="playbook_retire"),
    path("playbooks/<uuid:pk>/restore/", playbook_api.PlaybookRestore.as_view(), name="playbook_restore"),
    path("accounts/<uuid:pk>/playbooks/", playbook_api.AccountPlaybooks.as_view(), name="account_playbooks"),
    path("playbook-runs/<uuid:pk>/end/", playbook_api.PlaybookRunEnd.as_view(), name="playbook_run_end"),
]
