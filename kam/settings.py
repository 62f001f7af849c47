"""One settings file; every difference between installations is an environment variable (.env.example)."""

import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ

from kam.lib.environment import data_directory, secret_key, sqlite_database

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

VERSION = (re.findall(r"^## (\d+\.\d+\.\d+)", (BASE_DIR / "CHANGELOG.md").read_text(), re.M) or ["0.1.0"])[0]

# Everything that embedded mode writes lies here: database, secret key, files, outbox, broker.
DATA_DIR = data_directory(env.str("KAM_DATA_DIR", default=str(BASE_DIR / "var")))
REDIS_URL = env.str("REDIS_URL", default="")
BASE_URL = env.str("KAM_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
HTTPS = BASE_URL.startswith("https://")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = secret_key(env, DATA_DIR)
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(BASE_URL).hostname or "localhost", *LOOPBACK])
DEMO = env.bool("KAM_DEMO", default=False)

INSTALLED_APPS = [
    "kam.users",
    "kam.integrations",
    "accounts",
    "scoring",
    "goals",
    "engagement",
    "reports",
    "kam.lib",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # its widget templates, for our own form layout
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "kam.lib.middleware.RequestIdMiddleware",
    "kam.lib.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kam.users.middleware.PreferencesMiddleware",
    "kam.lib.middleware.RequestLimitsMiddleware",  # in the reader's language; nobody has read the body so far
    "kam.users.middleware.FirstVisitMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "kam.users.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.redirects.MergedAccountMiddleware",
]

ROOT_URLCONF = "kam.urls"
WSGI_APPLICATION = "kam.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kam.users.context.installation",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# SQLite needs IMMEDIATE transactions: with Django's defaults concurrent writers fail by the hundred.
if env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.db("DATABASE_URL")}
    if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        DATABASES["default"] = sqlite_database(DATABASES["default"]["NAME"])
    else:
        DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
else:
    DATABASES = {"default": sqlite_database(DATA_DIR / "kam.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if REDIS_URL:
    CACHES = {
        name: {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": f"kam-{name}",
        }
        for name in ("default", "counters")
    }
else:
    # Charts are shared by web and worker, request counters belong to the one web process.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": DATA_DIR / "cache",
            "OPTIONS": {"MAX_ENTRIES": 2000},
        },
        "counters": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "counters"},
    }

# --- people -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "kam.users.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "KAM"
# allauth refuses those whose address nobody confirmed, for people who sign up; here people are invited.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Staff need a second factor; the demo company's published passwords make that pointless there.
STAFF_NEED_SECOND_FACTOR = env.bool("STAFF_NEED_SECOND_FACTOR", default=not DEMO)

# Kept in the database, read from the cache: a page saves one query. Signing out empties both, which is why
# several web processes need Redis (kam.W003).
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_CACHE_ALIAS = "counters"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 7 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if HTTPS else []
SECURE_SSL_REDIRECT = HTTPS and env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and ALLAUTH_TRUSTED_PROXY_COUNT else None
)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "kam.lib.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
ADMIN_PATH = env.str("ADMIN_PATH", default="admin").strip("/")

# Names as Django 6 has them; kam.lib.middleware goes when the project moves there.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "object-src": ["'none'"],
}

# --- limits -----------------------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the largest form is a page of ratings: 200 accounts by 25 criteria
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Beside the files they become: taking one in renames it, and the container's /tmp is memory.
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
MAX_UPLOAD_SIZE = env.int("MAX_UPLOAD_MB", default=512) * 1024 * 1024
API_LIMITS = {
    "read": env.int("API_READS_PER_MINUTE", default=600),
    "write": env.int("API_WRITES_PER_MINUTE", default=300),
}

# --- language, time, files --------------------------------------------------------------------------------
LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["kam.lib.formats"]
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Berlin")

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
# Names with a hash exist once they are collected; until then files are served from where they lie.
COLLECTED = "collectstatic" in sys.argv or (STATIC_ROOT / "staticfiles.json").is_file()
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Without a mail server what would be mailed waits in the inbox of Today.
SENDS_MAIL = bool(env.str("EMAIL_URL", default=""))
if SENDS_MAIL:
    vars().update(env.email("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "outbox"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="kam@localhost")

# --- API --------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "kam.integrations.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["kam.users.policy.PolicyPermission"],
    "DEFAULT_THROTTLE_CLASSES": ["kam.lib.api.throttling.BudgetThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["kam.lib.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "kam.lib.api.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["kam.lib.api.filters.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "kam.lib.api.schema.KamSchema",
    "EXCEPTION_HANDLER": "kam.lib.api.problems.problem_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "KAM",
    "DESCRIPTION": "Key account management: accounts, sales facts, scoring, goals, reports.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # JavaScript, not JSON: the layout is ours (static/js/api-docs.js), and a path is no link within a button.
    "SWAGGER_UI_SETTINGS": '{deepLinking: false, layout: "KamLayout",'
    " presets: [SwaggerUIBundle.presets.apis, [kamDocs]]}",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "kam.lib.api.schema.add_problem_responses",
    ],
    "ENUM_NAME_OVERRIDES": {
        "OfferingKindEnum": "accounts.models.OfferingKind",
        "PhoneKindEnum": "accounts.models.contact.ContactPhone.Kind",
        "ImportKindEnum": "kam.integrations.models.ImportBatch.Kind",
        "MeasurementSourceEnum": "goals.models.Measurement.Source",
        "LanguageEnum": "django.conf.settings.LANGUAGES",
        "ConfidenceEnum": "goals.models.Goal.Confidence",
        "EstimateConfidenceEnum": "scoring.models.AccountEstimate.Confidence",
        "CriterionSourceEnum": "scoring.models.Criterion.Source",
        "OpportunityKindEnum": "goals.models.Opportunity.Kind",
        "AnticipationKindEnum": "goals.ahead.KINDS",
        "ConversationKindEnum": "scoring.models.PromotionConversation.Kind",
        "FeedbackKindEnum": "goals.models.BetaFeedback.Kind",
        "ParticipationStateEnum": "goals.models.BetaParticipation.State",
        "ParticipationOutcomeEnum": "goals.models.BetaParticipation.Outcome",
    },
}

# --- background work --------------------------------------------------------------------------------------
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=60)
# --- logs -------------------------------------------------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"structured": {"()": "kam.lib.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "waitress": {"level": "WARNING"},
        "celery": {"level": "WARNING"},  # a line for every tick would hide what matters
        "kombu.connection": {"level": "ERROR"},  # a broker of files has no host to name
    },
}
