"""The editor's page and what its script asks: save, merge after being away, pictures, names while typing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from groups.models import Person
from library.documents import schema
from library.documents.merge import merge as merged_of
from library.resources import editing, kinds, services
from library.resources.editor import state
from library.resources.editor.pictures import files_with_pictures, store_picture
from library.resources.editor.received import Sent, Unusable, read_document, read_json, read_sent, read_title
from library.resources.editor.suggesting import suggestions
from library.resources.keeping import signed_in
from library.resources.kinds import KindSpec
from library.resources.models import Resource, WorkingCopy
from library.resources.selectors import sections as shown
from library.resources.views.finding import find, refused

EDITED = frozenset({"library:sections", "designs:edit"})
"""Forms of kinds whose text is typed section by section; the editor stands beside them."""

Answer = Callable[[ViewerRequest, Resource, KindSpec, Person], JsonResponse]


def first_section(spec: KindSpec, copy: WorkingCopy) -> str:
    """Where the plain form goes on."""
    names = shown.section_names(spec.document, editing.SKIPPED)
    return shown.first_missing(schema.load(spec.document, copy.document), names)


@signed_in
def editor(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/editor/`: the whole text on one page; without scripts it leads to the plain form."""
    resource = find(uid)
    try:
        require(request.viewer, Action.EDIT, resource)
    except Refused as refusal:
        return refused(request, refusal)
    spec = kinds.spec_of(resource.kind)
    if spec.edit_url not in EDITED:
        return redirect(spec.edit_url, uid)
    person = request.viewer.person
    assert person is not None
    copy = resource.working_copy
    context = {
        "resource": resource,
        "spec": spec,
        "copy": copy,
        "start": state.opened(resource, spec, request.viewer, person),
        "form_section": first_section(spec, copy),
        "files_section": shown.FILES if spec.families else "",
    }
    return render(request, "library/editor.html", context)


def answering(view: Answer) -> Callable[..., JsonResponse]:
    """A question of the editor's script: every refusal is a sentence in JSON, so that the page keeps what was typed."""

    @wraps(view)
    def asked(request: ViewerRequest, uid: str) -> JsonResponse:
        person = request.viewer.person if request.user.is_authenticated else None
        if person is None:
            return _refusal("登录已过期。写的都在这台电脑上，登录后接着写", 401, "signed_out")
        resource = find(uid)
        try:
            require(request.viewer, Action.EDIT, resource)
            return view(request, resource, kinds.spec_of(resource.kind), person)
        except Refused as refusal:
            return _refusal(f"{refusal.verdict.reason}。写的都在这台电脑上", 403, "refused")
        except Unusable as problem:
            return _refusal(problem.sentence, problem.status, "unusable", path=list(problem.path))

    return asked


def _refusal(sentence: str, status: int, code: str, **more: Any) -> JsonResponse:
    return JsonResponse({"code": code, "sentence": sentence, **more}, status=status)


@require_GET
@answering
def editor_state(request: ViewerRequest, resource: Resource, spec: KindSpec, person: Person) -> JsonResponse:
    """Who is signed in, which text is stored, and a fresh token: asked after being away."""
    lock = resource.working_copy.lock_version
    return JsonResponse({"person": str(person.pk), "lock_version": lock, "csrf": get_token(request)})


@require_POST
@answering
def editor_save(request: ViewerRequest, resource: Resource, spec: KindSpec, person: Person) -> JsonResponse:
    """Compare and set; 409 with the stored text where somebody was faster."""
    copy = resource.working_copy
    sent = read_sent(read_json(request.body), spec, copy)
    return _saved(resource, spec, person, copy, sent)


def _saved(resource: Resource, spec: KindSpec, person: Person, copy: WorkingCopy, sent: Sent) -> JsonResponse:
    draft = services.Draft(sent.title, sent.document, files_with_pictures(copy, sent.document, person))
    try:
        written = services.save(
            resource=resource, by=person, draft=draft, lock_version=sent.lock_version, at=timezone.now()
        )
    except services.Conflict as conflict:
        return _refusal(f"{conflict}。两份都在", 409, "conflict", lock_version=conflict.theirs.lock_version)
    return JsonResponse(state.saved(written, sent.document, spec))


@require_POST
@answering
def editor_merge(request: ViewerRequest, resource: Resource, spec: KindSpec, person: Person) -> JsonResponse:
    """Join what was typed away from the stored text with it.

    Without conflicts the result is saved; with them nothing is written, and both sides of each are sent.
    """
    found = read_json(request.body)
    copy = resource.working_copy
    base = read_document(found.get("base"), spec, copy)
    mine = read_document(found.get("document"), spec, copy)
    title = read_title(found.get("title"))
    theirs = schema.load(spec.document, copy.document)
    result = merged_of(base, mine, theirs)
    if title == found.get("base_title"):
        title = copy.title
    told = {
        "by": "另一个窗口" if copy.updated_by_id == person.pk else copy.updated_by.name,
        "stored": state.stored(copy, theirs, spec),
        "title": title,
        "document": schema.dump(result.document),
        "taken": [change.place for change in result.taken],
        "conflicts": [
            {"path": list(one.path), "place": one.place, "base": one.base, "mine": one.mine, "theirs": one.theirs}
            for one in result.conflicts
        ],
    }
    if result.conflicts:
        return JsonResponse(told)
    answer = _saved(resource, spec, person, copy, Sent(title, result.document, copy.lock_version))
    if answer.status_code != 200:
        return answer
    return JsonResponse(told | {"saved": state.saved(_fresh(resource), result.document, spec)})


def _fresh(resource: Resource) -> WorkingCopy:
    return WorkingCopy.objects.get(resource=resource)


@require_POST
@answering
def editor_picture(request: ViewerRequest, resource: Resource, spec: KindSpec, person: Person) -> JsonResponse:
    """Take in one picture; it belongs to the text from the next save on."""
    file = store_picture(upload=request.FILES.get("picture"), by=person)
    return JsonResponse({"file": file.uid, "name": file.name, "width": file.width, "note": file.note})


@require_GET
@answering
def editor_suggest(request: ViewerRequest, resource: Resource, spec: KindSpec, person: Person) -> JsonResponse:
    """`?target=standard&q=面积`: what may be picked."""
    typed = request.GET.get("q", "").replace("\x00", "")
    found = suggestions(request.GET.get("target", ""), typed, resource, request.viewer)
    return JsonResponse({"items": [{"value": o.value, "label": o.label, "note": o.note} for o in found]})
