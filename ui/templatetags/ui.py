"""The product's own tags and filters. A builtin library: templates use it without `{% load %}`."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from io import BytesIO
from typing import Any

import segno
from django import template
from django.contrib import messages
from django.contrib.messages import get_messages
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ui import lessons, wording
from ui.toasts import step_of

register = template.Library()

SUBJECT_COLOURS = {
    "语文": "chinese",
    "数学": "maths",
    "英语": "english",
    "科学": "science",
    "道德与法治": "morality",
    "艺术": "arts",
    "音乐": "arts",
    "美术": "arts",
    "体育": "pe",
    "体育与健康": "pe",
    "劳动": "labour",
    "信息科技": "it",
}
SUBJECT_BLOCKS = {"道德与法治": "法", "音乐": "艺", "美术": "艺"}
SEAL_STYLES = {"区": "double", "市": "double", "省": "solid", "部": "solid double"}
FACE_TONES = ("q", "l", "h", "z", "")


@register.simple_tag
def icon(name: str, label: str = "", size: str = "", **attributes: str) -> SafeString:
    """A lucide icon. Decorative unless `label` names it; `size="lg"` is 24 px; `class="…"` is added."""
    return _icon(_sheet(get_script_prefix()), name, label, size, attributes.get("class", ""))


@register.simple_tag(takes_context=True)
def hot(context: template.Context, name: str, **values: Any) -> SafeString:
    """A template of `ui.hot` with these values alone."""
    from ui import hot as hot_templates

    return hot_templates.render(name, context.get("request"), **values)


@cache
def _sheet(script_prefix: str) -> str:
    return static("ui/icons.svg")


@lru_cache(maxsize=2_000)
def _icon(sheet: str, name: str, label: str, size: str, more: str) -> SafeString:
    """A page of results draws the same few icons a hundred times."""
    classes = " ".join(part for part in ("i", {"lg": "i-lg", "big": "big"}.get(size, ""), more) if part)
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="{}" {}><use href="{}#{}"/></svg>', classes, spoken, sheet, name)


@register.simple_tag
def zi(subject: Any, size: str = "") -> SafeString:
    """The subject as a printing block (活字). Takes a Subject or its name; `size` is "sm" or "lg"."""
    if not subject:
        return mark_safe("")
    name = str(getattr(subject, "name", subject))
    block = getattr(subject, "block", "") or SUBJECT_BLOCKS.get(name, name[:1])
    colour = getattr(subject, "colour", "") or SUBJECT_COLOURS.get(name, "")
    classes = " ".join(part for part in ("zi", f"c-{colour}" if colour else "", size) if part)
    return format_html('<span class="{}" role="img" aria-label="{}">{}</span>', classes, name, block)


@register.simple_tag
def seal(text: str, size: str = "") -> SafeString:
    """印, only after a recorded approval. Two or four characters; the level of the first decides how solid it is."""
    text = str(text or "").strip()
    if not text:
        return mark_safe("")
    half = (len(text) + 1) // 2
    shown = text if len(text) <= 2 else f"{text[:half]}\n{text[half:]}"
    style = "" if text == "区域" else SEAL_STYLES.get(text[0], "")
    classes = " ".join(part for part in ("seal", "s2" if len(text) <= 2 else "", style, size) if part)
    return format_html('<span class="{}" role="img" aria-label="{}">{}</span>', classes, text, shown)


@register.simple_tag
def face(name: Any, size: str = "") -> SafeString:
    """A person without a photo: the surname on a round ground. Takes a person or a name."""
    full = str(getattr(name, "name", name) or "")
    if not full:
        return mark_safe("")
    tone = FACE_TONES[sum(map(ord, full)) % len(FACE_TONES)]
    classes = " ".join(part for part in ("face", tone, size) if part)
    return format_html('<span class="{}" title="{}" aria-hidden="true">{}</span>', classes, full, full[:1])


@register.simple_tag
def qr(url: str, label: str = "用手机扫一扫打开这一页") -> SafeString:
    """The address as an inline SVG code for the phone."""
    out = BytesIO()
    segno.make(url, error="m").save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, dark="#1e2523")
    return format_html(
        '<span class="qr" role="img" aria-label="{}">{}</span>', label, mark_safe(out.getvalue().decode())
    )


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """A form control tied to its hint and error, marked invalid when it is."""
    described = []
    if field.help_text:
        described.append(f"{field.id_for_label or field.auto_id}_hint")
    if field.errors:
        described.append(f"{field.id_for_label or field.auto_id}_error")
    attributes: dict[str, Any] = {}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if field.errors:
        attributes["aria-invalid"] = "true"
    return field.as_widget(attrs=attributes)


@register.filter
def is_tick(field: BoundField) -> bool:
    """One checkbox, whose label stands beside it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_choices(field: BoundField) -> bool:
    """Several radios or checkboxes, which need a fieldset."""
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


@register.inclusion_tag("ui/components/messages.html", takes_context=True)
def toast_messages(context: template.Context) -> dict[str, Any]:
    """The messages of this request: errors and warnings as notes in the page, the rest as toasts."""
    request = context.get("request")
    waiting = list(get_messages(request)) if request else []
    return {
        "notes": [message for message in waiting if message.level >= messages.WARNING],
        "toasts": [(message, step_of(message)) for message in waiting if message.level < messages.WARNING],
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("ui/components/minutes_bar.html")
def minutes_bar(stages: Iterable[Any], planned: int = 40) -> dict[str, Any]:
    """The stages of a lesson to scale. Each stage has `title` and `minutes` (attribute or key)."""
    return {"bar": lessons.minutes_bar(stages, planned)}


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def zh_date(value: date | datetime | None, form: str = "") -> str:
    """11月9日 周一; `zh_date:"year"` gives 2026年11月9日; `zh_date:"short"` gives 11月9日."""
    if not value:
        return ""
    local = _local(value)
    if form == "year":
        return wording.full_day(local)
    if form == "short":
        return f"{local.month}月{local.day}日"
    return wording.day_with_weekday(local)


@register.filter
def zh_datetime(value: datetime | None) -> str:
    """11月9日 10:32"""
    local = _local(value) if value else None
    return wording.day_and_time(local) if isinstance(local, datetime) else ""


@register.filter
def zh_ago(value: datetime | None, now: datetime | None = None) -> str:
    """5 分钟前, 昨天 21:40, 11月9日"""
    if not value:
        return ""
    local, local_now = _local(value), _local(now or timezone.now())
    if not isinstance(local, datetime) or not isinstance(local_now, datetime):
        return zh_date(value, "short")
    return wording.ago(local, local_now)


def _number(value: Any) -> int | None:
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    try:
        return int(Decimal(str(value)))
    except (ArithmeticError, ValueError):
        return None


@register.filter
def short_count(value: Any) -> str:
    number = _number(value)
    return "" if number is None else wording.short_count(number)


@register.filter
def zh_size(value: Any) -> str:
    number = _number(value)
    return "" if number is None else wording.size(number)


@register.filter
def zh_duration(value: Any) -> str:
    """Seconds or a timedelta: 11 分 05 秒"""
    number = _number(value)
    return "" if number is None else wording.duration(number)


@register.filter
def zh_clock(value: Any) -> str:
    """Seconds or a timedelta as a place in a video: 02:13"""
    number = _number(value)
    return "" if number is None else wording.clock(number)


@register.filter
def zh_number(value: Any) -> str:
    number = _number(value)
    return "" if number is None else wording.number(number)


@register.filter
def page_window(paginator: Any, number: int) -> list[int]:
    """The page numbers to offer around `number`; 0 stands for a gap."""
    last = paginator.num_pages
    near = sorted({1, last, *range(max(1, number - 2), min(last, number + 2) + 1)})
    window: list[int] = []
    for page in near:
        if window and page - window[-1] > 1:
            window.append(0)
        window.append(page)
    return window
