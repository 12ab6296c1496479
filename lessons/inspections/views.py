"""查阅: the week's plans, the term's table, an opinion on one plan and the talk below it."""

from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from groups.access import Refused
from groups.middleware import ViewerRequest
from lessons.adaptations.answering import button, person_of, refused
from lessons.adaptations.models import Adaptation
from lessons.adaptations.selectors import reading
from lessons.inspections import exporting, selectors, services
from lessons.inspections.models import Inspection
from lessons.inspections.standing import Standing
from library.resources.keeping import signed_in, typed_text
from ui.toasts import toast

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _number(told: str) -> int | None:
    return int(told) if told.isdecimal() and len(told) < 4 else None


def _charge(request: ViewerRequest) -> tuple[list[selectors.Charge], int]:
    """What the viewer is responsible for, and which of it is looked at."""
    found = selectors.charges(request.viewer)
    at = _number(request.GET.get("as", "0")) or 0
    return found, min(at, len(found) - 1)


@signed_in
def week(request: ViewerRequest) -> HttpResponse:
    """`/inspections/?as=&week=&course=&stands=&draw=`."""
    charges, at = _charge(request)
    day = timezone.localdate(request.viewer.at)
    course, stands = request.GET.get("course", "")[:20], request.GET.get("stands", "")
    stands = stands if stands in set(Standing) else ""
    shown = selectors.week(charges[at], request.viewer, day, _number(request.GET.get("week", "")), course, stands)
    drawn = request.GET.get("draw", "")
    sampled = selectors.sample(shown.shown, selectors.seed_of(request.viewer, shown, drawn)) if drawn else []
    page = Paginator(shown.shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "charges": list(enumerate(charges)),
        "at": at,
        "week": shown,
        "page": page,
        "sampled": sampled,
        "drawn": drawn,
        "next_draw": (_number(drawn) or 0) + 1,
        "course": course,
        "stands": stands,
        "standings": list(Standing),
        "query": f"as={at}&course={quote(course)}&stands={stands}",
    }
    return render(request, "inspections/week.html", context)


@signed_in
def term(request: ViewerRequest) -> HttpResponse:
    """`/inspections/term/?as=&month=1&paper=1`: on the screen, or on one sheet (本校本月)."""
    charges, at = _charge(request)
    month, paper = request.GET.get("month") == "1", request.GET.get("paper") == "1"
    day = timezone.localdate(request.viewer.at)
    table = selectors.term_table(charges[at], request.viewer, day, month_only=month)
    context = {"charges": list(enumerate(charges)), "at": at, "table": table, "month": month, "day": day}
    return render(request, f"inspections/{'paper' if paper else 'term'}.html", context)


@signed_in
def export(request: ViewerRequest) -> HttpResponse:
    charges, at = _charge(request)
    table = selectors.term_table(charges[at], request.viewer, timezone.localdate(request.viewer.at))
    name = quote(f"{table.charge} {table.term}查阅表.xlsx")
    answer = HttpResponse(exporting.workbook(table), content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@button
def inspect(request: ViewerRequest, uid: str) -> HttpResponse:
    """查阅 on the plan's own page."""
    try:
        found = reading.find(uid, request.viewer)
    except Adaptation.DoesNotExist:
        raise Http404("没有这份个案") from None
    grade, words = typed_text(request.POST.get("grade")), typed_text(request.POST.get("words"))
    try:
        services.inspect(adaptation=found, by=person_of(request), grade=grade, words=words, at=timezone.now())
    except Refused as refusal:
        return refused(request, refusal, found.get_absolute_url())
    toast(request, "已查阅，老师会看到", next_url=reverse("inspections:week"), next_label="看下一份")
    return redirect(found)


@button
def reply(request: ViewerRequest, uid: str) -> HttpResponse:
    rows = Inspection.objects.select_related("adaptation__teacher", "inspector")
    found = get_object_or_404(rows, uid=uid)
    try:
        services.reply(
            inspection=found, by=person_of(request), words=typed_text(request.POST.get("words")), at=timezone.now()
        )
    except Refused as refusal:
        reading.find(found.adaptation.uid, request.viewer)
        return refused(request, refusal, found.address)
    toast(request, "已回复")
    return redirect(found.address)
