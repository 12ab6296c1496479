"""Joining a studio, and its host's desk: who asks to join, what members have submitted."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from groups.models import Person, Studio
from library.resources.keeping import typed_text
from library.resources.selectors import own
from library.resources.views.finding import refused
from studios import services
from studios.models import Application
from ui.toasts import toast

PAGE_SIZE = 20


@login_required
def join(request: HttpRequest, uid: str) -> HttpResponse:
    """`/s/<uid>/join/`: ask to become a member, with a word to the host."""
    studio = get_object_or_404(Studio, uid=uid)
    viewer, error = cast(ViewerRequest, request).viewer, ""
    words = typed_text(request.POST.get("words"))
    try:
        require(viewer, Action.ASK_TO_JOIN, studio)
        if request.method == "POST":
            services.ask_to_join(studio=studio, by=cast(Person, request.user), words=words, at=timezone.now())
            toast(request, "申请已送出，主持人答复后会告诉你")
            return redirect(services.studio_address(studio))
    except Refused as refusal:
        return refused(request, refusal)
    except services.NotPossible as problem:
        error = str(problem)
    return render(request, "studios/join.html", {"studio": studio, "words": words, "error": error})


@login_required
def queue(request: HttpRequest, uid: str) -> HttpResponse:
    """`/s/<uid>/queue/`: the host's desk."""
    studio = get_object_or_404(Studio, uid=uid)
    viewer = cast(ViewerRequest, request).viewer
    try:
        require(viewer, Action.ACCEPT_MEMBER, studio)
    except Refused as refusal:
        return refused(request, refusal)
    waiting = own.waiting(viewer, studio.pk)
    page = Paginator(waiting, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "studio": studio,
        "address": services.studio_address(studio),
        "applications": studio.applications.filter(status=Application.Status.OPEN).select_related("person")[:50],
        "page": page,
        "rows": [(submission, own.age_of(submission, viewer.at)) for submission in page.object_list],
    }
    return render(request, "studios/queue.html", context)


@login_required
def answer(request: HttpRequest, uid: str, pk: int) -> HttpResponse:
    """接受 or 婉拒 of one application."""
    application = get_object_or_404(Application, pk=pk, studio__uid=uid)
    if request.method != "POST":
        return redirect("studios:queue", uid)
    try:
        accept = request.POST.get("answer") == "accept"
        services.answer_application(
            application=application,
            by=cast(Person, request.user),
            accept=accept,
            words=typed_text(request.POST.get("words")),
            at=timezone.now(),
        )
        toast(request, f"{application.person.name}已加入" if accept else "已婉拒，对方会看到答复")
    except Refused as refusal:
        return refused(request, refusal)
    except services.NotPossible as problem:
        messages.error(request, str(problem))
    return redirect("studios:queue", uid)
