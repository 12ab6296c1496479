"""One machine, no server, demo accounts: what `make run` starts."""

from config.settings.production import *  # noqa: F403
from config.settings.production import ENV, INSTALLED_APPS, STATIC_ROOT, STORAGES

DEBUG = False
SECRET_KEY = ENV.secret_key or "development-only-key-never-used-by-a-city-0123456789abcdef"
ALLOWED_HOSTS = ["*"]
DEMO_MODE = True

SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False

# `make run` collects and compresses; without that the files are served from where they lie.
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"}
WHITENOISE_USE_FINDERS = not STATIC_ROOT.exists()
WHITENOISE_AUTOREFRESH = False
INSTALLED_APPS = ["whitenoise.runserver_nostatic", *INSTALLED_APPS]
