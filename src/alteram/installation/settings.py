"""Django's settings: everything that is not told by the environment is fixed here (see `places`)."""

import sys
from pathlib import Path

import pysqlite3

# Django asks for `sqlite3` by name. The system's may have the WAL-reset bug (fixed in 3.51.3), which corrupts a
# database that several connections write to; the one we bring does not (docs/adr: one installation).
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

from csp.constants import NONCE, NONE, SELF  # noqa: E402 - after the swap above

from alteram.installation.databases import build_databases  # noqa: E402 - as above
from alteram.installation.languages import find_languages  # noqa: E402 - as above
from alteram.installation.mailing import build_mail_settings  # noqa: E402 - as above
from alteram.installation.own_sign_in import build_form_targets, build_oidc_settings  # noqa: E402 - as above
from alteram.installation.places import LOOPBACK, read_places  # noqa: E402 - as above
from alteram.installation.secret import read_secret  # noqa: E402 - as above

PLACES = read_places()
SECRET_KEY = read_secret(PLACES.folder)
DEBUG = False
ALLOWED_HOSTS = sorted({PLACES.host, *(LOOPBACK if PLACES.host in LOOPBACK else ())})
CSRF_TRUSTED_ORIGINS = [PLACES.address]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "alteram.web",  # before allauth, whose pages it shows in its own frame
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "alteram.installation",
    "alteram.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "alteram.installation.headers.HeadersMiddleware",
    "alteram.api.unreached.UnreachedMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "alteram.installation.afterwards.AfterwardsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "alteram.installation.asking.AskingMiddleware",
]
ROOT_URLCONF = "alteram.installation.urls"
WSGI_APPLICATION = "alteram.installation.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "alteram.web.context.build_context",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = build_databases(PLACES)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# -- accounts

AUTH_USER_MODEL = "installation.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "alteram.installation.signing_in.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "alteram.installation.signing_in.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is proved by following the link that was sent to it
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # elsewhere only, see `devices`
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900  # seconds: grave acts ask again after that
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PLACES.host in LOOPBACK  # a browser treats this machine as a secure origin
MFA_TOTP_ISSUER = "Alteram"
MFA_TOTP_TOLERANCE = 1  # step of 30 seconds: a code that ends while it is typed still counts (RFC 6238 section 5.2)
MFA_ADAPTER = "alteram.installation.second_factors.SecondFactorAdapter"
# Attempts are counted by account and never by address: many people may share one (Tor, an office). allauth's own limits
# by address are taken away by naming each.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "10/5m/key",
    "reauthenticate": "10/m/user",
    "request_login_code": None,
    "reset_password": "5/h/key",
    "reset_password_from_key": None,
    "signup": None,
    "verify_phone": None,
}
MFA_RATE_LIMITS = {"webauthn_login": None}  # a passkey cannot be guessed
SOCIALACCOUNT_PROVIDERS = build_oidc_settings(PLACES)
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False

# Attempts are counted here, for all processes together.
CACHES = {"default": {"BACKEND": "alteram.installation.counting.CountsCache"}}

# -- sessions, cookies, headers

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # gone with the session, as a cookie is not
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PLACES.secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "alteram.web.errors.show_csrf_failure"
SECURE_HSTS_SECONDS = 63072000 if PLACES.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PLACES.secure
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # without any, browsers send forms from an origin "null"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PLACES.secure else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *build_form_targets(PLACES)],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = ["alteram.installation.small_files.SmallFiles"]  # nothing readable touches the disk

# -- files, languages, times, mail

STATIC_URL = "/static/"
STATIC_ROOT = PLACES.folder / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "alteram.installation.static_files.StaticFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
# What an installation puts into its own folder comes before what ships.
LOCALE_PATHS = [PLACES.folder / "locale", Path(__file__).parents[1] / "web" / "locale"]
LANGUAGES = find_languages(LOCALE_PATHS)
FORMAT_MODULE_PATH = "alteram.installation.formats"
EMAIL_BACKEND, MAIL = build_mail_settings(PLACES)
globals().update(MAIL)

LOGGING = {
    # What Django logs of a request may hold what somebody wrote: only where and what went wrong is kept.
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_content": {"()": "alteram.installation.logs.WithoutContent"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "filters": ["without_content"], "formatter": "plain"}},
    "root": {"handlers": ["out"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["out"], "level": "WARNING", "propagate": False}},
}
STATISTICS_LEAST = PLACES.least
SILENCED_SYSTEM_CHECKS: list[str] = []
