"""署名邀请: asking colleagues to sign, and answering."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from groups.access import Action, require
from groups.inbox.things import names_of
from groups.middleware import ViewerRequest
from library.resources import services as library
from library.resources.keeping import typed_text
from library.resources.models import Contribution, DraftInvitation
from library.resources.selectors.inviting import named, nobody_or_several
from library.resources.views.finding import find
from library.together.models import Invitation
from library.together.services import authors
from library.together.services.talk import NotPossible
from library.together.views.answering import button, page, person_of
from ui.toasts import toast


@page
def invite(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/authors/`: who signs with which part, who is asked, and asking one more."""
    resource = find(uid)
    require(request.viewer, Action.INVITE_EDITOR, resource)
    name, part, error = typed_text(request.POST.get("name")).strip(), typed_text(request.POST.get("part")), ""
    if request.method == "POST":
        found = named(name, request.viewer, resource)
        try:
            if len(found) != 1:
                raise NotPossible(nobody_or_several(name, len(found)))
            authors.invite_author(
                resource=resource, by=person_of(request), person=found[0], part=part, at=timezone.now()
            )
        except NotPossible as problem:
            error = str(problem)
        else:
            toast(request, f"已请{found[0].name}署名{Contribution.Part(part).label}，等对方答复")
            return redirect("together:authors", uid)
    context = {
        "resource": resource,
        "contributions": resource.contributions.select_related("person", "school_then"),
        "invitations": resource.author_invitations.select_related("person"),
        "parts": Contribution.Part.choices,
        "name": name,
        "part": part or Contribution.Part.MEMBER,
        "error": error,
    }
    return render(request, "together/authors.html", context)


@page
def invitations(request: ViewerRequest) -> HttpResponse:
    """`/my/invitations/`: what I am asked to sign, and which drafts I write on with others."""
    viewer = request.viewer
    asked = list(Invitation.objects.filter(person=viewer.person_id).select_related("resource", "invited_by")[:50])
    open_asked = [invitation for invitation in asked if invitation.answered_at is None]
    editing = list(
        DraftInvitation.objects.filter(person=viewer.person_id, ended_at__isnull=True)
        .exclude(resource__in=[i.resource_id for i in open_asked])
        .select_related("resource", "invited_by")
    )
    names = names_of("resource", [*(i.resource.uid for i in asked), *(i.resource.uid for i in editing)], viewer)
    context = {
        "asked": [(i, names.get(i.resource.uid)) for i in open_asked],
        "answered": [(i, names.get(i.resource.uid)) for i in asked if i.answered_at is not None],
        "editing": [(i, names.get(i.resource.uid)) for i in editing],
    }
    return render(request, "together/invitations.html", context)


@button
def answer(request: ViewerRequest, pk: int) -> HttpResponse:
    accept = request.POST.get("answer") == "accept"
    invitation = get_object_or_404(Invitation, pk=pk)
    authors.answer_invitation(invitation=invitation, by=person_of(request), accept=accept, at=timezone.now())
    toast(request, "已署名，谢谢你参加" if accept else "已婉拒")
    return redirect("together:invitations")


@button
def decline_editing(request: ViewerRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(DraftInvitation, pk=pk)
    library.decline_editing(invitation=invitation, by=person_of(request), at=timezone.now())
    toast(request, "已退出，这份草稿你不再能改")
    return redirect("together:invitations")
