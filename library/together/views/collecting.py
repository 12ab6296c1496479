"""专题与资源集: the list, one collection, making and filling them."""

from collections.abc import Mapping

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from groups import access
from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from groups.models import Organisation
from library.resources.keeping import typed_ids, typed_text
from library.resources.views.finding import find, refused
from library.together.models import Collection, CollectionGrant, CollectionItem
from library.together.selectors import collecting as reading
from library.together.services import collecting
from library.together.services.talk import NotPossible
from library.together.views.answering import button, page, person_of
from ui.toasts import toast

PAGE_SIZE = 20
PUBLIC = "public"


def collections(request: ViewerRequest) -> HttpResponse:
    """`/c/`: every collection the viewer may read, the newest first."""
    found = access.narrow(Collection.objects.all(), request.viewer, Action.READ)
    listed = found.select_related("organisation", "owner").order_by("-changed_at", "-pk")
    page = Paginator(listed, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = reading.rows(list(page.object_list), request.viewer)
    return render(request, "together/collections.html", {"page": page, "rows": rows})


def collection(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/c/<uid>/`: what is in it, as far as the viewer may see."""
    found = get_object_or_404(Collection.objects.select_related("organisation", "owner"), uid=uid)
    held = access.relations_of(request.viewer, found)
    read, edits, curates = (
        access.verdict_of(held, request.viewer, action, found) for action in (Action.READ, Action.EDIT, Action.CURATE)
    )
    if not read:
        return refused(request, Refused(read))
    page = Paginator(reading.items(found, request.viewer), PAGE_SIZE).get_page(request.GET.get("page"))
    fills = bool(edits or curates)
    context = {
        "collection": found,
        "page": page,
        "items": reading.with_cards(list(page.object_list), request.viewer),
        "fills": fills,
        "edits": bool(edits),
        "readers": reading.readers(found, request.viewer.at) if fills else [],
    }
    return render(request, "together/collection.html", context)


@page
def new(request: ViewerRequest) -> HttpResponse:
    """`/c/new/`: begin one, for oneself or for a body one curates for."""
    return _form(request, None)


@page
def edit(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/c/<uid>/edit/`."""
    found = get_object_or_404(Collection, uid=uid)
    require(request.viewer, Action.EDIT, found)
    return _form(request, found)


def _form(request: ViewerRequest, found: Collection | None) -> HttpResponse:
    held = {g.organisation.uid if g.organisation else PUBLIC for g in _grants(request, found)}
    typed = {
        "title": typed_text(request.POST.get("title", found.title if found else "")),
        "summary": typed_text(request.POST.get("summary", found.summary if found else "")),
        "body": typed_text(request.POST.get("body")),
        "readers": set(typed_ids(request.POST.getlist("readers"))) if request.method == "POST" else held,
    }
    error = ""
    if request.method == "POST":
        try:
            saved = _save(request, found, typed)
        except (NotPossible, Refused) as problem:
            error = str(problem)
        else:
            toast(request, "已保存")
            return redirect(saved.get_absolute_url())
    context = {
        "collection": found,
        "typed": typed,
        "error": error,
        "bodies": collecting.bodies_to_curate(request.viewer),
        "audiences": collecting.audiences_for(request.viewer),
        "may_be_public": found is None or found.organisation_id is not None,
    }
    return render(request, "together/collection_form.html", context, status=400 if error else 200)


def _grants(request: ViewerRequest, found: Collection | None) -> list[CollectionGrant]:
    return list(found.grants.valid_at(request.viewer.at).select_related("organisation")) if found else []


def _save(request: ViewerRequest, found: Collection | None, typed: Mapping[str, object]) -> Collection:
    wanted = typed["readers"]
    assert isinstance(wanted, set)
    readers = [collecting.Reader(o) for o in Organisation.objects.filter(uid__in=wanted - {PUBLIC})]
    readers += [collecting.Reader(None)] if PUBLIC in wanted else []
    title, summary = str(typed["title"]), str(typed["summary"])
    by, at = person_of(request), timezone.now()
    if found is not None:
        collecting.describe(collection=found, by=by, title=title, summary=summary, readers=readers, at=at)
        return found
    body = Organisation.objects.filter(uid=typed["body"]).first() if typed["body"] else None
    return collecting.start(by=by, title=title, summary=summary, organisation=body, readers=readers, at=at)


@button
def item(request: ViewerRequest, uid: str, pk: int) -> HttpResponse:
    """Move an item up or down, or take it out."""
    found = get_object_or_404(
        CollectionItem.objects.select_related("collection", "resource"), pk=pk, collection__uid=uid
    )
    if not access.may(request.viewer, Action.READ, found.collection):
        raise Http404("没有这个专题")
    by, at, deed = person_of(request), timezone.now(), request.POST.get("do")
    if deed == "out":
        collecting.take_out(item=found, by=by, at=at)
        toast(request, "已从专题里拿出")
    else:
        collecting.move(item=found, by=by, up=deed == "up", at=at)
    return redirect(found.collection.get_absolute_url())


@button
def remove(request: ViewerRequest, uid: str) -> HttpResponse:
    found = get_object_or_404(Collection, uid=uid)
    collecting.remove(collection=found, by=person_of(request), at=timezone.now())
    toast(request, f"“{found.title}”已删除，里面的资源都还在")
    return redirect("together:collections")


@page
def collect(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/collect/`: put a resource into a collection of mine or of a body I curate for."""
    resource = find(uid)
    require(request.viewer, Action.FAVOURITE, resource)
    mine = reading.fillable(request.viewer)
    note, error = typed_text(request.POST.get("note")), ""
    if request.method == "POST":
        try:
            target = get_object_or_404(mine, uid=typed_text(request.POST.get("collection")))
            collecting.put(collection=target, resource=resource, by=person_of(request), note=note, at=timezone.now())
        except NotPossible as problem:
            error = str(problem)
        else:
            toast(request, f"已收进“{target.title}”", next_url=target.get_absolute_url())
            return redirect(resource.get_absolute_url())
    context = {"resource": resource, "collections": list(mine), "note": note, "error": error}
    return render(request, "together/collect.html", context)
