"""`/prep/new/`: planning a preparation."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from catalogue.models import Node, Outline, Subject
from groups import calendar
from groups.access import Refused, Verdict
from groups.middleware import ViewerRequest
from groups.models import Organisation, Term
from groups.selectors import textbook_for
from groups.services import NotPossible
from lessons.prep import policies
from lessons.prep import services as prep
from lessons.prep.circles import circle_of, schools_in
from lessons.prep.forms import PlanForm
from lessons.prep.models import Preparation
from lessons.prep.views.finding import page, person_of
from library.resources.keeping import kept, typed_text
from ui.toasts import toast


@dataclass(frozen=True, slots=True)
class Context:
    """What a form of one prep group offers."""

    body: Organisation
    frame: Preparation
    schools: tuple[Organisation, ...]
    subject: Subject
    grade: int | None
    term: Term | None
    node_choices: tuple[Any, ...]


def context_of(body: Organisation, at: datetime) -> Context | None:
    """None where the prep group has no subject, or is part of nothing."""
    circle = circle_of(body, at)
    if circle is None or body.subject is None:
        return None
    schools = tuple(schools_in(circle, at))
    book = textbook_for(schools[0], body.subject, body.grade, at) if schools and body.grade else None
    return Context(
        body=body,
        frame=Preparation(body=body, circle=circle, subject=body.subject, grade=body.grade),
        schools=schools,
        subject=body.subject,
        grade=body.grade,
        term=calendar.term_at(timezone.localdate(at)),
        node_choices=node_choices(book.outline) if book and book.outline else (("", "没有教材目录"),),
    )


def node_choices(outline: Outline) -> tuple[Any, ...]:
    """The book's lessons under their units; a unit that has no lessons is a choice itself."""
    nodes = list(Node.objects.filter(outline=outline).order_by("order"))
    below: dict[int | None, list[Node]] = {}
    for node in nodes:
        below.setdefault(node.parent_id, []).append(node)
    grouped: list[Any] = [("", "请选择")]
    for top in below.get(None, []):
        lessons = below.get(top.pk, [])
        if lessons:
            grouped.append((top.title, [(node.uid, node.title) for node in lessons]))
        else:
            grouped.append((top.uid, top.title))
    return tuple(grouped)


@page
def new(request: ViewerRequest) -> HttpResponse:
    """Choose the prep group, then the lesson, the days and the people."""
    viewer = request.viewer
    bodies = list(policies.bodies_planned_by(viewer).select_related("subject"))
    if not bodies:
        raise Refused(Verdict(False, "排定集体备课要由备课组长、教研组长或管理员来办，请联系你们的备课组长"))
    asked = typed_text(request.GET.get("body") or request.POST.get("body"))
    body = next((one for one in bodies if one.uid == asked), bodies[0])
    context = context_of(body, viewer.at)
    if context is None:
        raise Refused(Verdict(False, f"{body.name}还没有设学科，或没有挂在集团和学校下面，请先请管理员设好"))
    typed = request.POST if request.method == "POST" else kept(request)
    form = PlanForm(typed, context=context, at=viewer.at, initial={"node": typed_text(request.GET.get("node"))})
    if request.method == "POST" and form.is_valid():
        answer = _plan(request, context, form)
        if answer is not None:
            return answer
    shown = {
        "form": form,
        "bodies": bodies,
        "body": body,
        "ticket": typed_text(request.POST.get("ticket")) or token_urlsafe(16),
    }
    return render(request, "prep/new.html", shown, status=422 if form.errors else 200)


def _plan(request: ViewerRequest, context: Context, form: PlanForm) -> HttpResponse | None:
    """Plan, or put the sentence on the form."""
    try:
        made = prep.plan(
            body=context.body,
            what=form.plan(),
            by=person_of(request),
            at=timezone.now(),
            schools=list(form.cleaned_data["schools"]),
            approver=form.cleaned_data["approver"],
            named=form.named(),
            ticket=typed_text(request.POST.get("ticket"))[:40],
        )
    except NotPossible as problem:
        form.add_error(None, str(problem))
        return None
    toast(request, "已排定，参与的老师收到了消息")
    return redirect(made)
