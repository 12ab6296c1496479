"""Templates that a page prints twenty times, in Jinja2: the same words and tags at a fifth of the time.

They lie in the folder `jinja2/` of their package and are named like any template. `{% hot %}` prints one inside a page.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from jinja2 import Environment

from ui import wording
from ui.templatetags.ui import icon


def environment(**options: Any) -> Environment:
    """Called once by Django for the second of its template engines."""
    made = Environment(**{**options, "trim_blocks": True, "lstrip_blocks": True, "auto_reload": settings.DEBUG})
    made.globals |= {"icon": icon, "url": _url, "hot": render}
    made.filters |= {"short_count": wording.short_count}
    return made


def _url(name: str, *arguments: str) -> str:
    return reverse(name, args=arguments)


def render(name: str, request: HttpRequest | None, **values: Any) -> SafeString:
    """A template of this folder with these values alone."""
    return mark_safe(get_template(name, using="jinja2").render(values, request))
