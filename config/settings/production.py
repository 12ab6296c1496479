"""The settings a city runs on. `development` and `test` start here and loosen what they must."""

from typing import Any

from config import databases, environment, mail
from config.environment import BASE_DIR

ENV = environment.read()

SECRET_KEY = ENV.secret_key
DEBUG = False
ALLOWED_HOSTS = list(ENV.allowed_hosts)
CSRF_TRUSTED_ORIGINS = [ENV.site_address] if ENV.site_address.startswith("https://") else []

INSTALLED_APPS = [
    "website",
    "studios",
    "lessons.plans",
    "lessons.inspections",
    "lessons.updates",
    "lessons.adaptations",
    "lessons.prep",
    "lessons.letterheads",
    "lessons.words",
    "lessons.designs",
    "lessons.units",
    "library.batches",
    "library.cases",
    "library.recordings",
    "library.together",
    "library.questions",
    "library.outlines",
    "library.resources",
    "library.explaining",
    "library.links",
    "library.searches",
    "library.history",
    "media.conversion",
    "media",
    "groups.inbox",
    "groups.memberships",
    "groups.roster",
    "groups",
    "catalogue",
    "search",
    "ui",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "storages",
]

MIDDLEWARE = [
    # Headers first: static files are answered by the fourth and go no further.
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ui.security.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "groups.middleware.ViewerMiddleware",
    "website.middleware.FirstPasswordMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ui.context_processors.shell",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"environment": "ui.hot.environment"},
    },
]

DATABASES = {"default": databases.from_url(ENV.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "groups.Person"
AUTHENTICATION_BACKENDS = ["groups.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = ENV.var_dir / "static"
MEDIA_URL = "/site-media/"
MEDIA_ROOT = ENV.var_dir / "site-media"
STORAGES: dict[str, dict[str, Any]] = {
    # Images and documents of the editors' pages: public.
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What teachers upload: private, named by content, served after the access rule.
    "uploads": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(ENV.var_dir / "uploads"), "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if ENV.s3_bucket:
    STORAGES["uploads"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": ENV.s3_bucket, "default_acl": "private", "querystring_auth": True},
    }

CACHES: dict[str, dict[str, Any]] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if ENV.redis_url:
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ENV.redis_url}

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_FAILURE_VIEW = "library.resources.keeping.form_expired"
SESSION_COOKIE_AGE = 14 * 24 * 3600
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 600
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

UPLOAD_LIMITS_MB = {
    "picture": 20,
    "pdf": 100,
    "audio": 100,
    "video": 1024,
    "word": 100,
    "slides": 200,
    "sheet": 50,
    "archive": 500,
    "other": 5,
}
UPLOAD_PIXELS = 64_000_000
UPLOAD_ZIP_ENTRIES = 5_000
UPLOAD_ZIP_MB = 2_048
UPLOAD_ZIP_RATIO = 100

_MAIL = mail.from_url(ENV.mail_url, ENV.mail_from)
EMAIL_BACKEND = _MAIL["EMAIL_BACKEND"]
EMAIL_HOST = _MAIL.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _MAIL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _MAIL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _MAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_USE_TLS = _MAIL.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = _MAIL["EMAIL_TIMEOUT"]
DEFAULT_FROM_EMAIL = _MAIL.get("DEFAULT_FROM_EMAIL", "gongbei@localhost")
INBOX_MAIL = bool(ENV.mail_url)
INBOX_ROBOT_HOSTS = ENV.robot_hosts
INBOX_ROBOT_CA = ENV.robot_ca

WAGTAIL_SITE_NAME = "共备"
WAGTAILADMIN_BASE_URL = ENV.site_address
WAGTAIL_ENABLE_UPDATE_CHECK = False
# Accounts, passwords and language are the site's own; pages are published by their editors, nobody moderates in Wagtail.
WAGTAILADMIN_LOGIN_URL = "sign-in"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文")]
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILIMAGES_IMAGE_MODEL = "media.SiteImage"
WAGTAILDOCS_DOCUMENT_MODEL = "media.SiteDocument"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "pptx", "xlsx", "doc", "ppt", "xls", "txt", "csv", "zip", "mp3", "mp4"]
WAGTAILIMAGES_MAX_IMAGE_PIXELS = UPLOAD_PIXELS
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "gif", "webp"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文")]

REFERENCE_DATA = ENV.reference_data
VAR_DIR = ENV.var_dir
SITE_ADDRESS = ENV.site_address
DEMO_MODE = False
SEARCH_ENGINE = ENV.search_engine
SEARCH_INDEX_DIR = ENV.var_dir / "index"
ELASTICSEARCH_URL = ENV.elasticsearch_url
ELASTICSEARCH_CA = ENV.elasticsearch_ca
CACHE_DIR = ENV.cache_dir

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # One line a request otherwise.
    "loggers": {"elastic_transport": {"level": "WARNING"}},
}
