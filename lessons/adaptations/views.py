"""接收, 我的个案, 备好, 授课, 反思."""

from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from groups import access
from groups.access import Action, Refused
from groups.middleware import ViewerRequest
from lessons.adaptations import beside, services
from lessons.adaptations.answering import button, person_of, refused
from lessons.adaptations.forms import MINUTES, ReflectionForm, TaughtForm, numbers
from lessons.adaptations.models import Adaptation, TaughtLesson
from lessons.adaptations.selectors import reading
from lessons.designs.models import LessonDesign
from lessons.prep.models import Preparation
from library.resources.keeping import kept, signed_in
from ui.toasts import toast

PER_PAGE = 20


@signed_in
def index(request: ViewerRequest) -> HttpResponse:
    """`/adaptations/`: my adaptations, the latest received first."""
    page = Paginator(reading.mine(request.viewer), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "adaptations/index.html", {"page": page})


@button
def receive(request: ViewerRequest, uid: str) -> HttpResponse:
    """接收; where the school uses another textbook, a page asks first."""
    preparation = get_object_or_404(Preparation, uid=uid)
    try:
        made = services.receive(
            preparation=preparation,
            by=request.viewer,
            at=timezone.now(),
            other_edition=request.POST.get("other_edition") == "yes",
        )
    except services.OtherEdition as warning:
        context = {"preparation": preparation, "warning": warning.verdict.reason, "book": warning.book}
        return render(request, "adaptations/other_edition.html", context)
    toast(request, "已接收，这是你的个案，改哪里都行", next_url=_edit(made), next_label="开始二次备课")
    return redirect(made)


@button
def begin(request: ViewerRequest, uid: str) -> HttpResponse:
    """备好了, on a design of one's own that follows no shared plan."""
    design = get_object_or_404(LessonDesign, uid=uid)
    person, now = person_of(request), timezone.now()
    made = services.keep_own(design=design, by=person, at=now)
    return _make_ready(request, made)


@signed_in
def adaptation(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/adaptations/<uid>/`: the teacher's own page; inspectors and the group read it as it was made ready."""
    found = _find(request, uid)
    page = reading.page(found, request.viewer)
    context = {
        "page": page,
        "adaptation": found,
        "beside": beside.load(found, request.viewer),
        "edit_url": _edit(found),
        "steps": _steps(found),
    }
    return render(request, "adaptations/adaptation.html", context)


@button
def ready(request: ViewerRequest, uid: str) -> HttpResponse:
    return _make_ready(request, _find(request, uid))


def _make_ready(request: ViewerRequest, found: Adaptation) -> HttpResponse:
    try:
        services.mark_ready(adaptation=found, by=person_of(request), at=timezone.now())
    except Refused as refusal:
        return refused(request, refusal, found.get_absolute_url())
    toast(request, "已标为备好", next_url=reverse("adaptations:teach", args=[found.uid]), next_label="上完课来记")
    return redirect(found)


@button
def share(request: ViewerRequest, uid: str) -> HttpResponse:
    found, on = _find(request, uid), request.POST.get("on") == "yes"
    try:
        services.share_with_group(adaptation=found, by=person_of(request), on=on, at=timezone.now())
    except Refused as refusal:
        return refused(request, refusal, found.get_absolute_url())
    toast(request, "备课组现在能看你备好的个案" if on else "备课组不再能看这份个案")
    return redirect(found)


@signed_in
def teach(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/adaptations/<uid>/teach/`: one class was taught."""
    found = _find(request, uid)
    access.require(request.viewer, Action.EDIT, found)
    typed = request.POST if request.method == "POST" else kept(request)
    today = timezone.localdate(request.viewer.at)
    form = TaughtForm(typed, initial=_asked(request, today)) if typed else TaughtForm(initial=_asked(request, today))
    if request.method == "POST" and form.is_valid():
        try:
            lesson = services.teach(
                adaptation=found,
                by=person_of(request),
                minutes=numbers(request.POST, MINUTES),
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, refusal.verdict.reason)
        else:
            toast(request, "已记下这节课", next_url=found.get_absolute_url(), next_label="以后再写反思")
            return redirect("adaptations:lesson", lesson.uid)
    version = found.ready_version or found.base
    context = {
        "adaptation": found,
        "form": form,
        "classes": reading.classes_of(request.viewer, today),
        "stages": reading.stages_of(version, numbers(typed, MINUTES) if typed else {}),
    }
    return render(request, "adaptations/teach.html", context, status=422 if form.errors else 200)


@signed_in
def lesson(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/adaptations/lessons/<uid>/`: the reflection on one class."""
    row = _lesson(request, uid)
    initial = {name: getattr(row, name) for name in ("highlights", "problems", "improvements")}
    typed = request.POST if request.method == "POST" else kept(request)
    form = ReflectionForm(typed) if typed else ReflectionForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.reflection(request.POST)
        try:
            services.reflect(lesson=row, by=person_of(request), reflection=told, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.verdict.reason)
        else:
            toast(request, "反思已保存")
            return redirect(f"{row.adaptation.get_absolute_url()}#l-{row.uid}")
        row.minutes, row.achieved = dict(told.minutes), dict(told.achieved)
    context = {"adaptation": row.adaptation, "lesson": reading.shown_lesson(row), "form": form, "levels": range(1, 6)}
    return render(request, "adaptations/lesson.html", context, status=422 if form.errors else 200)


@button
def forget(request: ViewerRequest, uid: str) -> HttpResponse:
    row = _lesson(request, uid)
    home = row.adaptation.get_absolute_url()
    try:
        services.forget_lesson(lesson=row, by=person_of(request), at=timezone.now())
    except Refused as refusal:
        return refused(request, refusal, home)
    toast(request, "已删去这条授课记录")
    return redirect(home)


def _find(request: ViewerRequest, uid: str) -> Adaptation:
    try:
        return reading.find(uid, request.viewer)
    except Adaptation.DoesNotExist:
        raise Http404("没有这份个案") from None


def _lesson(request: ViewerRequest, uid: str) -> TaughtLesson:
    rows = TaughtLesson.objects.select_related("version", "adaptation__resource", "adaptation__preparation")
    row = get_object_or_404(rows, uid=uid)
    access.require(request.viewer, Action.EDIT, row.adaptation)
    return row


def _edit(found: Adaptation) -> str:
    return reverse("designs:edit", args=[found.resource.uid])


def _asked(request: ViewerRequest, today: date) -> dict[str, object]:
    """What the week's board sent along: the class and the period that was clicked."""
    period = request.GET.get("period", "")
    return {
        "class_name": request.GET.get("class", "")[:20],
        "date": request.GET.get("date", "")[:10] or today,
        "period": period if period.isdecimal() and len(period) < 3 else "",
    }


def _steps(found: Adaptation) -> list[dict[str, str]]:
    """草稿, 已备好, 已授课, 已反思 as the stepper prints them."""
    states = list(Adaptation.State)
    at = states.index(Adaptation.State(found.state))
    return [
        {"label": state.label, "state": "done" if n < at or (n == at == len(states) - 1) else "now" if n == at else ""}
        for n, state in enumerate(states)
    ]
