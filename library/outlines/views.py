"""Pages of a subject's curators: an outline as a table, proposals with what they affect, mappings, courses."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from catalogue.models import Node, Outline, Subject
from groups.access import Action, may, narrow, require
from groups.middleware import ViewerRequest
from groups.models import Organisation
from library.outlines import exchange, forms, rehoming, selectors, services
from library.outlines.forms import FIELDS, Problem, Typed
from library.outlines.models import Change, Mapping
from library.outlines.policies import ruled
from library.outlines.services import Hindered
from library.outlines.snapshot import differences, from_json
from library.resources.keeping import typed_text

View = Callable[..., HttpResponse]
NEW_ROWS = 8
PAGE = 30
DRAFT_REASON = "写明为什么改，确认的人要看"


def curators_only(view: View) -> View:
    """Signed in, and a curator of something; which subjects, the rule says for each thing."""

    @wraps(view)
    def guarded(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.viewer.person is None:
            return redirect_to_login(request.get_full_path())
        if not (request.viewer.curates or request.viewer.is_system_admin):
            raise PermissionDenied("目录由学科管理员修订。发现目录有错，请告诉本学科的管理员")
        return view(request, *args, **kwargs)

    return guarded


def _by(request: ViewerRequest) -> dict[str, Any]:
    """Who does it and when, for a service."""
    return {"by": request.viewer.person, "at": request.viewer.at}


def _outline(request: ViewerRequest, uid: str) -> Outline:
    """The outline that this viewer may change."""
    outline = get_object_or_404(Outline.objects.select_related("textbook__subject", "course__subject"), uid=uid)
    require(request.viewer, Action.EDIT, ruled(outline))
    return outline


@curators_only
def index(request: ViewerRequest) -> HttpResponse:
    """`/k/changes/`: proposals of my subjects; waiting ones first."""
    changes = selectors.in_order(narrow(Change.objects.all(), request.viewer, Action.EDIT))
    mappings = selectors.in_order(narrow(Mapping.objects.all(), request.viewer, Action.EDIT))
    page = Paginator(changes.select_related("outline", "proposed_by"), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "mappings": mappings.select_related("old", "new", "proposed_by")[:PAGE],
        "books": selectors.pairs_to_map(),
    }
    return render(request, "outlines/index.html", context)


@curators_only
def edit(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/k/<outline>/edit/`: the outline as a table to type in, or a file to read; both become a proposal."""
    outline = _outline(request, uid)
    lines = exchange.typed(outline)
    problems: list[Problem] = []
    error = ""
    if request.method == "POST":
        try:
            lines = _sent(request, outline)
            rows, problems = forms.read(outline, lines)
            if not problems and request.POST.get("do") == "propose":
                return _propose(request, outline, rows)
            if not problems:
                return _preview(request, outline, lines, rows)
        except Hindered as problem:
            error = str(problem)
    return render(request, "outlines/edit.html", _table(outline, lines, problems, error, request))


def _sent(request: ViewerRequest, outline: Outline) -> list[Typed]:
    """A file where there is one, else the table, by the order that was typed."""
    upload = request.FILES.get("file")
    if upload is not None:
        return exchange.from_file(upload, str(upload.name), upload.size or 0, outline)
    columns = {field: request.POST.getlist(field) for field in FIELDS}
    positions = request.POST.getlist("position")
    if any(len(column) != len(positions) for column in columns.values()):
        raise Hindered("这张表没有传完整，请刷新后再试")
    gone = set(request.POST.getlist("gone"))
    rows = [
        (_position(positions[at], at), Typed(f"第 {at + 1} 行", {field: columns[field][at] for field in FIELDS}))
        for at in range(len(positions))
    ]
    return [
        row for _, row in sorted(rows, key=lambda pair: pair[0]) if row.cells["uid"] not in gone or not row.cells["uid"]
    ]


def _position(told: str, at: int) -> float:
    try:
        return float(told)
    except ValueError:
        return float(at + 1)


def _table(
    outline: Outline, lines: list[Typed], problems: list[Problem], error: str, request: ViewerRequest
) -> dict[str, Any]:
    blank = Typed("新的一行", dict.fromkeys(FIELDS, ""))
    wrong = {problem.place for problem in problems}
    return {
        "outline": outline,
        "rows": [(at, row.cells, row.place in wrong) for at, row in enumerate([*lines, *[blank] * NEW_ROWS], 1)],
        "kinds": Node.Kind.labels,
        "problems": problems,
        "error": error,
        "reason": request.POST.get("reason", ""),
    }


def _preview(request: ViewerRequest, outline: Outline, lines: list[Typed], rows: list[Any]) -> HttpResponse:
    found = differences(services.contents.read(outline), rows)
    context = {
        "outline": outline,
        "lines": [line.cells for line in lines],
        "fields": FIELDS,
        "shown": selectors.with_use(outline, found),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "outlines/preview.html", context)


def _propose(request: ViewerRequest, outline: Outline, rows: list[Any]) -> HttpResponse:
    reason = typed_text(request.POST.get("reason")).strip()[:300]
    if not reason:
        raise Hindered(f"还没有写理由：{DRAFT_REASON}")
    change = services.propose(outline=outline, rows=rows, reason=reason, **_by(request))
    messages.success(request, "修订提出来了，等另一位学科管理员确认后生效")
    return redirect(change.get_absolute_url())


@curators_only
def export(request: ViewerRequest, uid: str, form: str) -> HttpResponse:
    """`/k/<outline>/export.xlsx` and `.json`: the contents, facts for everybody signed in."""
    outline = get_object_or_404(Outline, uid=uid)
    if form == "json":
        return HttpResponse(exchange.to_json(outline), content_type="application/json; charset=utf-8")
    answer = HttpResponse(
        exchange.to_xlsx(outline), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{selectors.file_name(outline)}"
    return answer


@curators_only
def change(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/k/changes/<uid>/`: what would change, what hangs on it, and who decides."""
    found = get_object_or_404(Change.objects.select_related("outline", "proposed_by", "decided_by"), uid=uid)
    require(request.viewer, Action.EDIT, found)
    shown = selectors.with_use(found.outline, differences(from_json(found.before), from_json(found.after)))
    context = {"change": found, "shown": shown} | _standing(request, found)
    return render(request, "outlines/change.html", context)


def _standing(request: ViewerRequest, proposal: Change | Mapping) -> dict[str, Any]:
    own = proposal.proposed_by_id == request.viewer.person_id
    waiting = proposal.state == proposal.State.WAITING
    return {
        "own": own,
        "waiting": waiting,
        "decides": waiting and not own and bool(may(request.viewer, Action.APPROVE_CHANGE, proposal)),
    }


DEEDS: dict[str, Callable[..., Any]] = {
    "approve": services.approve,
    "decline": services.decline,
    "withdraw": services.withdraw,
    "revert": services.revert,
}
SAID = {
    "approve": "修订生效了",
    "decline": "已退回给提出人",
    "withdraw": "已撤回",
    "revert": "目录已还原成修订以前的样子",
}


@curators_only
@require_POST
def decide(request: ViewerRequest, uid: str, deed: str) -> HttpResponse:
    """`/k/changes/<uid>/<deed>/`: approve, decline, withdraw, revert."""
    found = get_object_or_404(Change, uid=uid)
    return _do(request, found, DEEDS[deed], deed, change=found)


def _do(
    request: ViewerRequest, proposal: Change | Mapping, act: Callable[..., Any], deed: str, **of: Any
) -> HttpResponse:
    note = typed_text(request.POST.get("note")).strip()[:300]
    if deed == "decline" and not note:
        messages.error(request, "还没有写意见：告诉提出人哪里要改")
        return redirect(proposal.get_absolute_url())
    noted = {"note": note} if deed in ("approve", "decline") else {}
    try:
        act(**of, **noted, **_by(request))
        messages.success(request, SAID[deed])
    except Hindered as problem:
        messages.error(request, str(problem))
    return redirect(proposal.get_absolute_url())


@curators_only
@require_POST
def map_books(request: ViewerRequest) -> HttpResponse:
    """`/k/mappings/new/`: propose a mapping of two books."""
    books = Outline.objects.select_related("textbook__subject")
    old = get_object_or_404(books, uid=request.POST.get("old", ""))
    new = get_object_or_404(books, uid=request.POST.get("new", ""))
    try:
        found = rehoming.propose(old=old, new=new, reason="新教材启用", **_by(request))
    except Hindered as problem:
        messages.error(request, str(problem))
        return redirect("outlines:index")
    messages.success(request, "按标题和知识点配好了，请逐行核对，再请同事确认")
    return redirect(found.get_absolute_url())


@curators_only
def mapping(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/k/mappings/<uid>/`: the lines; its proposer corrects them while it waits."""
    found = get_object_or_404(Mapping.objects.select_related("old", "new", "proposed_by", "decided_by"), uid=uid)
    require(request.viewer, Action.EDIT, found)
    if request.method == "POST":
        return _correct(request, found)
    context = {"mapping": found, **selectors.lines(found)} | _standing(request, found)
    return render(request, "outlines/mapping.html", context)


def _correct(request: ViewerRequest, found: Mapping) -> HttpResponse:
    choices = [rehoming.Choice(uid, tuple(dict.fromkeys(filter(None, request.POST.getlist(f"to-{uid}")))))
               for uid in request.POST.getlist("old")]  # fmt: skip
    try:
        rehoming.correct(mapping=found, choices=choices, **_by(request))
        messages.success(request, "对照改好了")
    except Hindered as problem:
        messages.error(request, str(problem))
    return redirect(found.get_absolute_url())


MAPPING_DEEDS: dict[str, Callable[..., Any]] = {
    "approve": rehoming.approve,
    "decline": rehoming.decline,
    "withdraw": rehoming.withdraw,
    "revert": rehoming.revert,
}


@curators_only
@require_POST
def decide_mapping(request: ViewerRequest, uid: str, deed: str) -> HttpResponse:
    """`/k/mappings/<uid>/<deed>/`."""
    found = get_object_or_404(Mapping, uid=uid)
    return _do(request, found, MAPPING_DEEDS[deed], deed, mapping=found)


COURSE_KINDS = {Outline.Kind.COURSE: "校本课程", Outline.Kind.THEME: "专题"}


@curators_only
def new_course(request: ViewerRequest) -> HttpResponse:
    """`/k/courses/new/`: an outline for a school course or a theme."""
    error = _wrong_course(request.POST) if request.method == "POST" else ""
    if request.method == "POST" and not error:
        course = services.create_course(
            title=typed_text(request.POST["title"]).strip(),
            kind=request.POST["kind"],
            subject=Subject.objects.filter(code=request.POST.get("subject", "")).first(),
            organisation=Organisation.objects.filter(slug=request.POST.get("organisation", "")).first(),
            **_by(request),
        )
        messages.success(request, "建好了，现在写它的目录")
        return redirect("outlines:edit", course.outline.uid)
    context = {
        "kinds": COURSE_KINDS.items(),
        "subjects": Subject.objects.filter(is_primary=True),
        "organisations": Organisation.objects.filter(kind__in=("school", "group")).order_by("name"),
        "error": error,
        "sent": request.POST,
    }
    return render(request, "outlines/new_course.html", context)


def _wrong_course(sent: QueryDict) -> str:
    title = typed_text(sent.get("title")).strip()
    if not title or len(title) > forms.LONGEST_TITLE:
        return f"名称：请填写，最长 {forms.LONGEST_TITLE} 个字"
    if sent.get("kind") not in COURSE_KINDS:
        return "类型：请选校本课程或专题"
    return ""
