"""The values of a facet as HTML. A page of results prints fifty of them, most of what a template would do on it."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from search.page import Option
from ui.templatetags.ui import icon

register = template.Library()


@register.simple_tag
def facet_options(options: Iterable[Option]) -> SafeString:
    """Each a link that chooses the value, or lets it go."""
    return mark_safe("".join(map(_option, options)))


def _option(option: Option) -> str:
    words, count, url = escape(option.value), option.count, escape(option.url)
    number = f'<span class="n num">{count}<span class="sr"> 份</span></span></a>'
    if not option.chosen:
        return f'<a class="opt" href="{url}"><span class="box"></span>{words}{number}'
    box = f'<span class="box on">{icon("check")}</span><span class="sr">已选，去掉：</span>'
    return f'<a class="opt on" href="{url}" aria-current="true">{box}{words}{number}'
