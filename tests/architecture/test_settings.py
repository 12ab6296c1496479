"""A setting that docs/settings.md does not explain does not exist for the person who runs the site."""

import re
from dataclasses import fields

from django.conf import global_settings

from config.environment import Environment
from tests.architecture.source import ROOT, site_files, text_of

DOCUMENT = ROOT / "docs" / "settings.md"
FROM_ENVIRONMENT = re.compile(r'source\.get\(\s*"([A-Z_0-9]+)"')
DEFINED_BY_PRODUCT = re.compile(r"^([A-Z][A-Z_0-9]+)(?::[^=]+)? = ", re.M)


def documented() -> set[str]:
    return set(re.findall(r"`([A-Z][A-Z_0-9]+)`", text_of(DOCUMENT)))


def test_every_variable_of_the_environment_is_documented() -> None:
    variables = set(FROM_ENVIRONMENT.findall(text_of(ROOT / "config" / "environment.py")))

    assert len(variables) >= len(fields(Environment)), "a field is read in a way this test does not see"
    assert variables - documented() == set()


def test_every_setting_that_is_no_setting_of_django_or_wagtail_is_documented() -> None:
    defined = set(DEFINED_BY_PRODUCT.findall(text_of(ROOT / "config" / "settings" / "production.py")))
    ours = {
        name
        for name in defined
        if not hasattr(global_settings, name) and not name.startswith(("WAGTAIL", "ROOT_URLCONF"))
    }

    assert ours - documented() == set()


def test_only_the_environment_module_reads_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for path in site_files(".py")
        if re.search(r"os\.(environ[.\[]|getenv\b)", text_of(path))
        and path.name not in {"environment.py", "wsgi.py", "test.py"}
    ]

    assert readers == []
