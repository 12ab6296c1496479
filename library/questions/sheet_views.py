"""Filling a homework or paper with questions of the bank, and printing its sheets."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from groups.models import Person
from library.documents import homework, paper, schema
from library.documents.homework import LAYERS, HomeworkDocument
from library.documents.paper import PaperDocument
from library.questions import item_forms, selectors, services
from library.questions.reading import groups_of
from library.resources import services as library
from library.resources.editing import SKIPPED
from library.resources.keeping import kept, signed_in, typed_text
from library.resources.kinds import spec_of
from library.resources.models import Kind, Resource
from library.resources.selectors import sections as section_lists
from library.resources.selectors.differences import changes
from library.resources.views.deeds import button
from library.resources.views.edit import lock_of
from library.resources.views.finding import find, refused, school_of
from ui.toasts import toast

CURRENT = "sheet_to_fill"
"""In the session: the homework that the next question goes into."""


def _person(request: ViewerRequest) -> Person:
    person = request.viewer.person
    assert person is not None
    return person


def _sheet(uid: str) -> Resource:
    """A homework or paper.

    Raises:
        Http404: there is none of this name.
    """
    resource = find(uid)
    if resource.kind not in (Kind.HOMEWORK, Kind.PAPER):
        raise Http404("只有校本作业和试卷有题目")
    return resource


def _document(sheet: Resource, data: Any) -> HomeworkDocument | PaperDocument:
    document = schema.load(spec_of(sheet.kind).document, data)
    assert isinstance(document, HomeworkDocument | PaperDocument)
    return document


@signed_in
def put(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/my/questions/<uid>/put/`: 选入作业. A POST goes into the homework chosen last; without one, choose here."""
    chosen = find(uid)
    try:
        require(request.viewer, Action.READ, chosen)
    except Refused as refusal:
        return refused(request, refusal)
    sheets = selectors.sheets_to_fill(request.viewer)
    origin = _origin(request)
    if request.method == "POST":
        wanted = request.POST.get("sheet") or request.session.get(CURRENT, "")
        sheet = next((one for one in sheets if one.uid == wanted), None)
        if request.POST.get("sheet") == "new":
            sheet = _new_homework(request, chosen)
        if sheet is not None:
            return _put(request, sheet, chosen, origin)
    return render(request, "questions/put.html", {"question": chosen, "sheets": sheets, "origin": origin})


def _origin(request: ViewerRequest) -> str:
    """The page of ours from which the question was chosen."""
    told = typed_text(request.POST.get("origin")) or request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(told, {request.get_host()}, require_https=request.is_secure())
    return told if ours else ""


def _new_homework(request: ViewerRequest, chosen: Resource) -> Resource:
    """A homework for the question's place, with the question as the first in it."""
    node = chosen.placements.select_related("node").order_by("-is_main", "pk").first()
    title = f"{node.node.title} 校本作业" if node else "校本作业"
    return library.create(
        kind=Kind.HOMEWORK,
        owner=_person(request),
        school=school_of(request.viewer),
        draft=library.Draft(title[:120], HomeworkDocument(kind="课后", ways=("书面",))),
        metadata=library.Metadata(
            subjects=tuple(chosen.subjects.all()), grade_from=chosen.grade_from, grade_to=chosen.grade_to
        ),
        nodes=[node.node] if node else [],
        at=timezone.now(),
    )


def _put(request: ViewerRequest, sheet: Resource, chosen: Resource, origin: str) -> HttpResponse:
    """Put it there and go back, with 撤销; what is refused is said on the page one comes back to."""
    back = origin or chosen.get_absolute_url()
    try:
        done = services.put_question(sheet=sheet, chosen=chosen, by=_person(request), at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.verdict.reason)
        return HttpResponseRedirect(back)
    except library.Conflict:
        messages.error(request, f"《{sheet.title}》刚被别人改过，请再点一次")
        return HttpResponseRedirect(back)
    request.session[CURRENT] = sheet.uid
    words = f"已选入《{sheet.working_copy.title}》，第 {done.number} 题"
    toast(request, words, undo=reverse("questions:take_out", args=[sheet.uid, done.key]))
    return HttpResponseRedirect(back)


@button
def take_out(request: ViewerRequest, uid: str, key: str) -> HttpResponse:
    """撤销: the question goes out of the homework again."""
    sheet = _sheet(uid)
    origin = _origin(request)
    try:
        was_there = services.take_out(sheet=sheet, key=key, by=_person(request), at=timezone.now())
    except Refused as refusal:
        return refused(request, refusal)
    except library.Conflict:
        messages.error(request, f"《{sheet.title}》刚被别人改过，请再点一次")
        return redirect("questions:items", uid)
    toast(request, "已从作业里拿出来" if was_there else "这道题已经不在里面了")
    return HttpResponseRedirect(origin) if origin else redirect("questions:items", uid)


@signed_in
def items(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/items/`: the questions of a homework or paper: layer or section, minutes or points, order."""
    sheet = _sheet(uid)
    try:
        require(request.viewer, Action.EDIT, sheet)
    except Refused as refusal:
        return refused(request, refusal)
    copy = sheet.working_copy
    stored = _document(sheet, copy.document)
    typed = request.POST if request.method == "POST" else kept(request)
    form = item_forms.read(stored, typed) if typed else item_forms.ItemsForm(stored)
    context = _items_context(request, sheet, form) | {"lock_version": lock_of(typed) if typed else copy.lock_version}
    if request.method != "POST" or form.errors:
        return render(request, "questions/items.html", context)
    files = tuple((a.file, a.purpose) for a in copy.attachments.select_related("file"))
    draft = library.Draft(copy.title, form.document, files)
    try:
        library.save(
            resource=sheet, by=_person(request), draft=draft, lock_version=lock_of(request.POST), at=timezone.now()
        )
    except library.Conflict as conflict:
        theirs = _document(sheet, conflict.theirs.document)
        context |= {
            "conflict": conflict,
            "changes": changes(theirs, form.document),
            "their_title": conflict.theirs.title,
            "lock_version": conflict.theirs.lock_version,
        }
        return render(request, "questions/items.html", context, status=409)
    request.session[CURRENT] = sheet.uid
    if request.POST.get("do", "save") == "save":
        toast(request, "已保存", next_url=sheet.get_absolute_url(), next_label=f"看{spec_of(sheet.kind).label}")
    return redirect(f"{request.path}#rows")


def _items_context(request: ViewerRequest, sheet: Resource, form: item_forms.ItemsForm) -> dict[str, Any]:
    document, spec = form.document, spec_of(sheet.kind)
    shown = selectors.items_of(document, request.viewer)
    advice = list(spec.advice(document))
    total: int | float = 0
    if isinstance(document, HomeworkDocument):
        advice += homework.load_advice(document, *selectors.grade_and_subjects(sheet))
        total = homework.minutes_of(document)
    else:
        total = paper.total_points(document)
    hidden = [item.number for item in shown.values() if item.is_own_only]
    if hidden:
        advice.append(f"第 {'、'.join(map(str, hidden[:8]))} 题还只有你能看，分享这份资料前先分享它们，别人才看得到")
    links = section_lists.section_links(document, "items", SKIPPED)
    links.append(section_lists.files_link(sheet.working_copy.attachments.count(), "items"))
    return {
        "resource": sheet,
        "spec": spec,
        "copy": sheet.working_copy,
        "links": links,
        "form": form,
        "rows": form.rows(shown),
        "layers": LAYERS,
        "sections": form.section_choices,
        "is_homework": isinstance(document, HomeworkDocument),
        "total": total,
        "advice": advice,
    }


@signed_in
def revision(request: ViewerRequest, uid: str, key: str) -> HttpResponse:
    """`/r/<uid>/items/<row>/revision/`: 题目已修订, both texts side by side; a POST by who may edit takes the new one."""
    sheet = _sheet(uid)
    try:
        require(request.viewer, Action.READ, sheet)
        if request.method == "POST":
            services.use_revision(sheet=sheet, key=key, by=_person(request), at=timezone.now())
            toast(request, "已换成新版", next_url=sheet.get_absolute_url(), next_label="看整份")
            return redirect("questions:items", uid)
        may_edit = _may_edit(request, sheet)
    except Refused as refusal:
        return refused(request, refusal)
    text = sheet.working_copy if may_edit else sheet.published_version
    found = selectors.revision_of(_document(sheet, text.document), key, request.viewer) if text else None
    if found is None:
        raise Http404("这道题没有更新的版本，或者它已经不在这份里面了")
    return render(
        request, "questions/revision.html", {"resource": sheet, "found": found, "may_edit": may_edit, "key": key}
    )


def _may_edit(request: ViewerRequest, sheet: Resource) -> bool:
    try:
        require(request.viewer, Action.EDIT, sheet)
    except Refused:
        return False
    return True


def sheet(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/print/`: the pupils' sheet on A4, with `?for=teacher` the same with answers. Follows the right to download."""
    found = _sheet(uid)
    try:
        require(request.viewer, Action.DOWNLOAD, found)
    except Refused as refusal:
        return refused(request, refusal)
    text = found.published_version or found.working_copy
    document = _document(found, text.document)
    if not document.items:
        raise Http404("这一份还没有选题，请直接打印它的文件")
    first = found.contributions.select_related("school_then").order_by("order", "pk").first()
    school = (first.school_then if first else None) or found.home_school
    context = {
        "resource": found,
        "spec": spec_of(found.kind),
        "title": text.title,
        "document": document,
        "groups": groups_of(document, selectors.items_of(document, request.viewer, Action.DOWNLOAD)),
        "total": paper.total_points(document) if isinstance(document, PaperDocument) else 0,
        "for_teacher": request.GET.get("for") == "teacher",
        "letterhead": school.name if school else "",
    }
    return render(request, "questions/print.html", context)
