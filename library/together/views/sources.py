"""来历 and 落后于源: the family of a thing, and what its source has become since it was taken."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from groups.access import Action, Refused, Verdict, require
from groups.middleware import ViewerRequest
from library.documents import schema
from library.resources import kinds
from library.resources.models import Derivation
from library.resources.selectors.differences import changes
from library.resources.views.finding import find, refused
from library.together.selectors import provenance
from library.together.services import updating
from library.together.services.talk import NotPossible
from library.together.views.answering import page, person_of
from ui.toasts import toast


def family(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/provenance/`: what it came from and who adapted it."""
    resource = find(uid)
    try:
        require(request.viewer, Action.READ, resource)
    except Refused as refusal:
        return refused(request, refusal)
    context = {"resource": resource, "tree": provenance.tree(resource, request.viewer)}
    return render(request, "together/provenance.html", context)


@page
def source(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/source/`: what changed in the source; take it, or keep one's own."""
    resource, by, at = find(uid), person_of(request), timezone.now()
    require(request.viewer, Action.EDIT, resource)
    derivation = Derivation.objects.select_related("source", "source_version").filter(resource=resource).first()
    if derivation is None:
        raise Refused(Verdict(False, "这份资料不是从别的资料收来的，没有原件可比"))
    if request.method == "POST":
        return _decide(request, uid)
    newest = updating.newer_source(resource, by, at)
    document = kinds.spec_of(resource.kind).document
    taken = schema.load(document, derivation.source_version.document)
    mine = schema.load(document, resource.working_copy.document)
    context = {
        "resource": resource,
        "derivation": derivation,
        "newest": newest,
        "theirs": changes(taken, schema.load(document, newest.document)) if newest else [],
        "mine": changes(taken, mine),
    }
    return render(request, "together/source.html", context)


def _decide(request: ViewerRequest, uid: str) -> HttpResponse:
    resource, by, at = find(uid), person_of(request), timezone.now()
    wanted = request.POST.get("do")
    try:
        if wanted == "take":
            updating.take_newer(resource=resource, by=by, at=at)
            toast(request, "已更新到原件的新版，更新前的文字留在版本里")
        elif wanted == "follow":
            updating.follow_again(resource=resource, by=by, at=at)
            toast(request, "原件再有新版会告诉你")
        else:
            updating.keep_own(resource=resource, by=by, at=at)
            toast(request, "已保留你的，原件再有新版不再提示")
    except NotPossible as problem:
        raise Refused(Verdict(False, str(problem))) from problem
    return redirect(resource.get_absolute_url())
