"""One settings module for every command. What differs between installations comes from the environment."""

import os
from pathlib import Path

from haitang.runtime import home

HOME = home.directory()
UI = Path(__file__).resolve().parent.parent / "core" / "ui"
DEBUG = os.environ.get("HAITANG_DEBUG", "") == "1"
SECRET_KEY = home.secret("django")
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
    "haitang.core",
    "haitang.worktime",
    "haitang.territory",
    "haitang.organizations",
    "haitang.people",
    "haitang.cases",
    "haitang.command",
    "haitang.portal",
    "haitang.demo",
]

MIDDLEWARE = [
    "haitang.config.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "haitang.config.middleware.PageMiddleware",
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

DATABASES = {"default": home.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

AUTH_USER_MODEL = "people.Account"
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "haitang_session"
CSRF_COOKIE_NAME = "haitang_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("HAITANG_HTTPS", "") == "1"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    },
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [
    UI / "static",
    *(path for path in [Path(os.environ.get("HAITANG_VENDOR", "static/vendor")).resolve()] if path.is_dir()),
]
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
FILES_ROOT = HOME / "files"

ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]

# The frame around every page
HAITANG_NAME = os.environ.get("HAITANG_NAME", "海棠社区治理平台")
LIVE_URL = os.environ.get("HAITANG_LIVE_URL", "")  # where pages listen for news; "" for none
MAP_TILES_URL = os.environ.get("HAITANG_TILES_URL", "")  # ".../{z}/{x}/{y}.png" in WGS84; "" for a blank canvas
MAP_TILES_ATTRIBUTION = os.environ.get("HAITANG_TILES_ATTRIBUTION", "")
for _url, _directive in ((MAP_TILES_URL, "img-src"), (LIVE_URL, "connect-src")):
    if _url.startswith(("http://", "https://")):
        CONTENT_SECURITY_POLICY["DIRECTIVES"][_directive].append("/".join(_url.replace("{s}", "*").split("/")[:3]))
