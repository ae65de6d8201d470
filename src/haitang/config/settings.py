"""One settings module for every command. What differs between installations comes from the environment."""

import os
import sys
from pathlib import Path

from haitang.runtime import home

HOME = home.directory()
UI = Path(__file__).resolve().parent.parent / "core" / "ui"
DEBUG = os.environ.get("HAITANG_DEBUG", "") == "1"
SECRET_KEY = home.secret("django")
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("HAITANG_SECRET_DJANGO_OLD", "").split(",") if key]
FIELD_KEYS = os.environ.get("HAITANG_FIELD_KEYS") or home.field_keys()
FIELD_INDEX_KEY = home.secret("field_index")
ALLOWED_HOSTS = os.environ.get("HAITANG_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("HAITANG_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "procrastinate.contrib.django",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "haitang.core",
    "haitang.worktime",
    "haitang.territory",
    "haitang.organizations",
    "haitang.people",
    "haitang.privacy",
    "haitang.volunteers",
    "haitang.voting",
    "haitang.cases",
    "haitang.rounds",
    "haitang.alliances",
    "haitang.callbacks",
    "haitang.callups",
    "haitang.councils",
    "haitang.exchange",
    "haitang.ferry",
    "haitang.merging",
    "haitang.indicators",
    "haitang.oversight",
    "haitang.office",
    "haitang.opinions",
    "haitang.orders",
    "haitang.owners",
    "haitang.patrols",
    "haitang.points",
    "haitang.projects",
    "haitang.servicedays",
    "haitang.surveys",
    "haitang.whistles",
    "haitang.wishes",
    "haitang.command",
    "haitang.field",
    "haitang.open311",
    "haitang.opendata",
    "haitang.portal",
    "haitang.sso",
    "haitang.webhooks",
    "haitang.wechat",
    "haitang.demo",
    "haitang.bench",
    "haitang.config",
]

MIDDLEWARE = [
    "haitang.config.measuring.MeasuringMiddleware",
    "haitang.config.middleware.RequestIdMiddleware",
    "haitang.config.middleware.WallMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "haitang.config.middleware.ApiMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "haitang.config.middleware.PageMiddleware",
    "haitang.config.accounts.SignedInMiddleware",
]

ROOT_URLCONF = "haitang.config.urls"
WSGI_APPLICATION = "haitang.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [UI / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "haitang.core.ui.context.page",
            ],
        },
    },
]
FORM_RENDERER = "haitang.core.ui.forms.Renderer"
FORMAT_MODULE_PATH = "haitang.core.ui.formats"

DATABASES = home.databases()
# Copies of the database from which lists and figures may be read (core.replicas), and how long a page waits for one.
REPLICAS = [alias for alias in DATABASES if alias != "default"]
REPLICA_WAIT_MS = int(os.environ.get("HAITANG_REPLICA_WAIT_MS") or 50)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

AUTH_USER_MODEL = "people.Account"
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/enter/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# The site is reached over HTTPS alone: a proxy of ours ends it, and says so in this header, as it must.
HTTPS = os.environ.get("HAITANG_HTTPS", "") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
_ONE_HOST = "__Host-" if HTTPS else ""  # browsers then take such a cookie from this very host alone, over HTTPS
SESSION_COOKIE_NAME = f"{_ONE_HOST}haitang_session"
CSRF_COOKIE_NAME = f"{_ONE_HOST}haitang_csrf"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
X_FRAME_OPTIONS = "DENY"
# Where open pages hear of changes: "" is the port after this one, under the name by which the page was reached.
LIVE_URL = os.environ.get("HAITANG_LIVE_URL", "")
LIVE_PORT = home.port() + 1
_live_hosts = [LIVE_URL] if "://" in LIVE_URL else [f"{h}:{LIVE_PORT}" for h in ALLOWED_HOSTS if not h.startswith("[")]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "connect-src": ["'self'", *_live_hosts],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    },
}

STATIC_URL = "/static/"
_VENDOR = Path(os.environ.get("HAITANG_VENDOR") or Path(__file__).parents[3] / "static" / "vendor").resolve()
STATICFILES_DIRS = [UI / "static", *([_VENDOR] if _VENDOR.is_dir() else [])]
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
# Names with the content's digest, kept by browsers for ever; tests and debugging serve the sources as they are.
_SOURCES_AS_THEY_ARE = DEBUG or "pytest" in sys.modules
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _SOURCES_AS_THEY_ARE
        else "haitang.core.ui.storage.Storage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = _SOURCES_AS_THEY_ARE
FILES_ROOT = HOME / "files"
REQUEST_BYTES_MAX = 100 * 2**20  # of a whole request: nine photos, or the largest file that is brought
PHOTO_BYTES_MAX = 10 * 2**20
PHOTO_PIXELS_MAX = 40 * 10**6
PHOTO_EDGE_MAX = 2560  # pixels at the long edge of a photo as it is kept
PHOTO_QUALITY = 85  # of the JPEG that is kept
PHOTO_UNUSED_HOURS = 24  # after which photos of a report that was never sent are removed; longer than DRAFT_HOURS
PHONE_KEY_DAYS = 90  # how long the key of a field worker's phone is kept: unsent drafts can be read no longer
PHONE_TODO_ROWS = 50  # of what waits for the worker, so much is kept on the phone
PHONE_TODO_WORDS = 60  # and of each description so many characters
DRAFT_HOURS = 12  # how long an unfinished public report is kept for the visitor's session

ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "haitang.config.signing.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "haitang.core.ui.accounts.LoginForm",
    "change_password": "haitang.core.ui.accounts.ChangePasswordForm",
    "reauthenticate": "haitang.core.ui.accounts.ReauthenticateForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # the adapter counts in the database, for all processes together
ACCOUNT_SESSION_REMEMBER = False  # shared office machines: closing the browser ends the session
# How many proxies of ours stand before the web process; visitors are told apart for limits by the address before them.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("HAITANG_PROXIES", "0"))
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]  # length, kinds of characters, age and history are rules that an office may change: people/data/settings.toml
MFA_ADAPTER = "haitang.config.signing.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 s before and after: telephones' clocks differ
MFA_ALLOW_UNVERIFIED_EMAIL = True  # there are no addresses to verify
MFA_FORMS = {
    "authenticate": "haitang.config.signing.CodeForm",
    "activate_totp": "haitang.config.signing.ActivateForm",
    "add_webauthn": "haitang.config.signing.PasskeyForm",
}
# Browsers offer passkeys over https and to localhost alone; the latter is for trying things out.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = os.environ.get("HAITANG_HTTPS", "") != "1"

# The frame around every page
HAITANG_NAME = os.environ.get("HAITANG_NAME", "海棠社区治理平台")
MAP_TILES_URL = os.environ.get("HAITANG_TILES_URL", "")  # ".../{z}/{x}/{y}.png" in WGS84; "" for a blank canvas
MAP_TILES_ATTRIBUTION = os.environ.get("HAITANG_TILES_ATTRIBUTION", "")
if "://" in MAP_TILES_URL:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append("/".join(MAP_TILES_URL.replace("{s}", "*").split("/")[:3]))

# Where the server may send to though the address is not public, and whether without TLS: see core.outgoing.
OUTGOING_NETWORKS = [network for network in os.environ.get("HAITANG_OUTGOING_NETWORKS", "").split(",") if network]
WECHAT_API = os.environ.get("HAITANG_WECHAT_API", "https://api.weixin.qq.com")  # or the city's own way out to it
OUTGOING_HTTP = os.environ.get("HAITANG_OUTGOING_HTTP", "") == "1"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = "haitang.config.measuring.attach"

# Who watches over it: /metrics
METRICS_TOKEN = os.environ.get("HAITANG_METRICS_TOKEN", "")
IN_PRODUCTION = os.environ.get("HAITANG_ENV", "") == "production"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "haitang.config.logs.Formatter"},
        "text": {"()": "haitang.config.logs.TextFormatter"},
    },
    "filters": {
        "briefly": {"()": "haitang.config.logs.Briefly"},
        "discreet": {"()": "haitang.config.logs.Discreet"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "text" if os.environ.get("HAITANG_LOG", "") == "text" else "json",
            "filters": ["discreet", "briefly"],
        }
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("HAITANG_LOG_LEVEL", "WARNING")},
    "loggers": {
        "haitang": {"level": os.environ.get("HAITANG_LOG_LEVEL", "INFO")},
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # A refusal (4xx) is an answer, not an event for the operator.
        "django.request": {"level": "ERROR"},
        # At any level of the rest: statements with their values, all that a page was given, addresses with their keys.
        "django.db.backends": {"level": "INFO"},
        "django.template": {"level": "INFO"},
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
    },
}
