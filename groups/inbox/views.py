"""`/my/messages/`: what one was told, the newest first; opening one marks it read. `/my/todo/`: what waits."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from groups.inbox import selectors, services, todos
from groups.middleware import ViewerRequest
from groups.models import Person

PAGE_SIZE = 20


@login_required
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    viewer = cast(ViewerRequest, request).viewer
    page = Paginator(selectors.of(viewer), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "messages_shown": selectors.shown(page.object_list, viewer),
        "unread": selectors.unread(viewer).count(),
    }
    return render(request, "inbox/messages.html", context)


@login_required
@require_POST
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one message read and go to what it speaks of."""
    viewer = cast(ViewerRequest, request).viewer
    services.mark_read(person=cast(Person, request.user), at=timezone.now(), message=pk)
    found = selectors.shown(selectors.of(viewer).filter(pk=pk), viewer)
    return redirect(found[0].url if found and found[0].url else "inbox:messages")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    services.mark_read(person=cast(Person, request.user), at=timezone.now())
    return redirect("inbox:messages")


@login_required
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, a page of it."""
    viewer = cast(ViewerRequest, request).viewer
    wanted = request.GET.get("page", "1")[:4]
    number = max(1, int(wanted)) if wanted.isdecimal() else 1
    found = todos.waiting(viewer, most=PAGE_SIZE, skip=(number - 1) * PAGE_SIZE)
    context = {
        "todos": todos.shown(found, viewer.at),
        "page": Paginator(range(found.count), PAGE_SIZE).get_page(number),
    }
    return render(request, "inbox/todos.html", context)
