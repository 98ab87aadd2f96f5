"""Django's settings. Those that differ between installations come from the environment (installation.py)."""

import os
import re
import sys
from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

from renrakucho.config.database_options import ProcessKind, postgres_options, process_kind, sqlite_options
from renrakucho.config.installation import (
    ROOT,
    VAR,
    env_flag,
    env_text,
    given_key,
    key_file,
    sender_address,
    shared_counts_folder,
)
from renrakucho.config.private_logging import log_to_stderr
from renrakucho.lib.private_files import create_private_file
from renrakucho.lib.retention_policy import read_retention

DEBUG = False
VAR.mkdir(mode=0o711, parents=True, exist_ok=True)  # others pass through to `static`, and see nothing else
SECRET_KEY = key_file("secret_key")
MASTER_KEY = key_file("master_key")  # wraps every book's own key; kept outside the database
MASTER_KEY_FILE = None if given_key("master_key") else VAR / "master_key"
AUDIT_HEAD_FILE = env_text("AUDIT_HEAD_FILE", str(VAR / "audit_head"))  # best on another machine than the database
PERIOD_KEYS = env_text("PERIOD_KEYS", str(VAR / "period_keys"))  # folder; its keys wrap books' keys, too
RETENTION = read_retention(env_text("RETENTION"))  # days, where they differ from lib.retention_policy
INDEX_KEY_LOADER = "renrakucho.mover.master_key_check.load_index_key"
ALLOWED_HOSTS = env_text("HOSTS", "localhost,127.0.0.1,[::1]").split(",")
BASE_URL = env_text("BASE_URL", "http://localhost:8000")  # in mails and return links: scheme and host, no slash
SECURE = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "renrakucho.lib.throttle",
    "renrakucho.address",
    "renrakucho.provider",
    "renrakucho.coverage",
    "renrakucho.mover",
    "renrakucho.mail",
    "renrakucho.notice",
    "renrakucho.receipt",
    "renrakucho.relay",
    "renrakucho.delivery",
    "renrakucho.monitoring",
    "renrakucho.page",
    "renrakucho.account",
    "renrakucho.faces.book",
    "renrakucho.faces.desk",
    "renrakucho.faces.bureau",
    "renrakucho.faces.directory",
    "renrakucho.faces.answer",
    "renrakucho.faces.api",
    "renrakucho.faces.standard",
    "renrakucho.config",
]

MIDDLEWARE = [
    "renrakucho.page.security_log.ReferrerPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "renrakucho.page.compression.StaticFilesMiddleware",
    "renrakucho.page.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "renrakucho.page.security_log.SecurityLogMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "renrakucho.page.language.PageLanguageMiddleware",
    "renrakucho.config.master_key_gate.MasterKeyGateMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "renrakucho.page.device_use.DeviceRuleMiddleware",
]

BUREAU_MAIL = [address.strip() for address in env_text("BUREAU_MAIL").split(",") if address.strip()]  # for alarms
METRICS_PATH = env_text("METRICS_PATH").strip("/")  # of the metrics; empty: there are none
METRICS_TOKEN = env_text("METRICS_TOKEN")  # that a scrape has to send, where one is set
if METRICS_PATH:
    MIDDLEWARE.insert(0, "renrakucho.faces.monitoring.metrics_page.RequestMetricsMiddleware")
    if process_kind(sys.argv) == ProcessKind.WEB:  # named before prometheus_client is imported
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(shared_counts_folder(VAR / "metrics")))

# Spans of requests and deliveries, where OpenTelemetry's own variable names a collector.
TRACER = "renrakucho.config.open_telemetry.OpenTelemetryTracer" if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") else ""
if TRACER:
    MIDDLEWARE.insert(0, "renrakucho.page.request_span.RequestSpanMiddleware")

ROOT_URLCONF = "renrakucho.config.urls"
WSGI_APPLICATION = "renrakucho.config.wsgi.application"
AUTH_USER_MODEL = "provider.Staff"
LOGIN_URL = "desk:login"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "renrakucho.page.jinja_environment.jinja_environment"},
    },
]

_process = process_kind(sys.argv)
SQLITE_OPTIONS = sqlite_options(_process)
_database = dj_database_url.config(default=f"sqlite:///{VAR / 'renrakucho.sqlite3'}")
if _database["ENGINE"] == "django.db.backends.sqlite3":
    create_private_file(Path(_database["NAME"]))
    _database["CONN_MAX_AGE"] = 600
    _database["OPTIONS"] = SQLITE_OPTIONS
    _database["TEST"] = {"NAME": env_text("TEST_DATABASE", "")} if env_text("TEST_DATABASE") else {}
else:
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = postgres_options(_process, _database.get("OPTIONS", {}))
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MESSAGE_STORAGE = "renrakucho.page.message_cookie.MessageCookieStorage"
SESSION_ENGINE = "renrakucho.lib.session_store"
# By the prefix a browser takes a cookie from this very host over TLS alone, and for all its paths (RFC 6265bis, 4.1.3).
COOKIE_PREFIX = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
MESSAGE_COOKIE_NAME = f"{COOKIE_PREFIX}messages"
CSRF_COOKIE_AGE = None  # ends with the browser
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24
CSRF_FAILURE_VIEW = "renrakucho.page.errors.csrf_refused"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE and env_flag("SSL_REDIRECT", default=True)
# Asked on the machine itself, which has no TLS.
SECURE_REDIRECT_EXEMPT = [f"^{re.escape(path)}$" for path in ("healthz", "readyz", METRICS_PATH) if path]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
BEHIND_PROXY = env_flag("BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Whether all subdomains are https, and are preloaded as such, is for the domain's owner to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}

LOGGING = log_to_stderr(env_text("LOG"))

LANGUAGE_CODE = "ja"
LANGUAGES = [  # each in its own words: whoever needs it can read it
    ("ja", "日本語"),
    ("en", "English"),
    ("zh-hans", "简体中文"),
    ("zh-hant", "繁體中文"),
    ("ko", "한국어"),
    ("vi", "Tiếng Việt"),
    ("pt-br", "Português"),
    ("ne", "नेपाली"),
    ("fil", "Filipino"),
]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
LANGUAGE_COOKIE_AGE = None  # ends with the browser, whose own languages are asked then
LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_HTTPONLY = True
# Read by offices and machines, or in a language by its address: these answer in Japanese, whatever a browser asks for.
ONE_LANGUAGE_PATHS = ("/healthz", "/readyz", "/desk", "/bureau", "/a", "/api", "/relay", "/standard")
LOCALE_PATHS = [ROOT / "renrakucho" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # before the first collectstatic too, or whitenoise warns
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_HOST = env_text("SMTP_HOST", "127.0.0.1")
EMAIL_PORT = int(env_text("SMTP_PORT", "8125"))  # the sandbox's letter box
EMAIL_HOST_USER = env_text("SMTP_USER")
EMAIL_HOST_PASSWORD = env_text("SMTP_PASSWORD")
EMAIL_USE_TLS = env_flag("SMTP_STARTTLS")
EMAIL_USE_SSL = env_flag("SMTP_TLS")
EMAIL_TIMEOUT = 10

# A changed destination of notices that one person alone confirmed, or nobody, is in force after so long.
DESTINATION_HOURS = int(env_text("DESTINATION_HOURS", "72"))
# A sudden rise (notice.sudden_rise): at a provider, so many notices a day and so many times its usual day; at an
# address left, so many books a week.
PROVIDER_CAP = int(env_text("PROVIDER_CAP", "600"))
RISE_FLOOR = int(env_text("RISE_FLOOR", "30"))
RISE_FACTOR = int(env_text("RISE_FACTOR", "3"))
RISE_BOOKS = int(env_text("RISE_BOOKS", "3"))
# The sender's postal address on postcards to old addresses (notice.postcard), in one line; empty: none are made.
POSTCARD_SENDER = env_text("POSTCARD_SENDER").strip()
LANE_CAP = int(env_text("LANE_CAP", "2"))  # notices in flight to one provider by one channel, over all workers
SENDERS = int(env_text("SENDERS", "64"))  # threads of a worker that deliver notices

PROVIDERS = Path(env_text("PROVIDERS", str(ROOT / "providers")))  # who can be told, and their sheets
SANDBOX = env_flag("SANDBOX")  # trial marks on the pages, link to the letter box
TWO_FACTOR_BY_DEFAULT = not SANDBOX  # of a desk whose administrator has decided nothing
TRIAL_CONNECTIONS = SANDBOX  # the sandbox's published secrets are taken, and http:// for web links
# Where this installation sends. Outside a trial it has to be named.
CONNECTIONS = env_text("CONNECTIONS", str(ROOT / "sandbox" / "connections.toml") if SANDBOX else "")
SANDBOX_URL = env_text("SANDBOX_URL", "http://localhost:8100")  # stands for "{sandbox}" in the trial connections
NAVIGATION_LINKS = (  # header and footer: a page's `section`, its address, its label
    ("apply", "book:wishes", _("引越手続一括申込み")),
    ("book", "book:leaves", _("マイ引越れんらく帳")),
    ("search", "directory:search", _("れんらく先検索")),
    ("links", "directory:links", _("ホームページのご紹介")),
)
FOOTER_LINKS = (  # footer alone
    ("standard", "standard:index", _("引越れんらくの標準")),
    ("figures", "directory:figures", _("数字で見るれんらく")),
    ("hidden", "book:hidden_move", _("新しい住所を知られたくないとき")),
)
PORTAL_NAME = env_text("PORTAL_NAME", "引越れんらく帳")
OPERATOR = env_text("OPERATOR")  # who runs the portal, as one line of text
CONTACT = env_text("CONTACT")  # how to reach them, as one line of text
DEFAULT_FROM_EMAIL = sender_address(PORTAL_NAME, env_text("MAIL_FROM", "renrakucho@localhost"))
