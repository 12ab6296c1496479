"""The suite: a fast password hasher, the memory engine, a throw-away directory for everything written."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# One directory for each test process, also under xdist, whose processes inherit the first one's environment.
if os.environ.get("TEST_VAR_OF") != os.environ.get("PYTEST_XDIST_WORKER", "main") or "VAR_DIR" not in os.environ:
    os.environ["TEST_VAR_OF"] = os.environ.get("PYTEST_XDIST_WORKER", "main")
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="gongbei-test-")
    atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)

from config.settings.production import *  # noqa: F403
from config.settings.production import DATABASES, ENV, STORAGES

SECRET_KEY = "test-only-key-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789"
ALLOWED_HOSTS = ["*"]
DEMO_MODE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
SEARCH_ENGINE = "memory"
SEARCH_INDEX_DIR = Path(ENV.var_dir) / "index"
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("TEST_DB")}
if "TEST_TEMPLATE" in os.environ:
    DATABASES["default"]["TEST"] = {"NAME": None, "TEMPLATE": os.environ["TEST_TEMPLATE"]}
