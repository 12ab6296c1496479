"""`/my/messages/`: what one was told, the newest first; opening one marks it read. `/my/todo/`: what waits."""

from typing import cast

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from groups.inbox import delivering, ports, selectors, services, todos
from groups.inbox.forms import PreferenceForm
from groups.inbox.models import Preference
from groups.middleware import ViewerRequest
from groups.models import Person
from ui.toasts import toast

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


@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    """Where, how often and when not; what could not be sent lately."""
    person = cast(Person, request.user)
    own = Preference.objects.filter(person=person).first() or Preference(person=person)
    form = PreferenceForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        services.set_preference(preference=form.save(commit=False), at=timezone.now())
        toast(request, "提醒设置存好了")
        return redirect("inbox:settings")
    context = {
        "form": form,
        "is_open": ports.is_open(),
        "trouble": delivering.trouble_of(person),
        "channels": own.channels if own.pk else (),
    }
    return render(request, "inbox/settings.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def try_out(request: HttpRequest) -> HttpResponse:
    """Send one line through every channel that is switched on, at once."""
    person = cast(Person, request.user)
    own = Preference.objects.select_related("person").filter(person=person).first()
    letter = ports.Letter(
        "共备：试一条", "收到这一条，就是提醒通了。", f"try-{person.uid}-{timezone.now():%Y%m%d%H%M%S}"
    )
    for channel in own.channels if own else ():
        try:
            ports.send(letter, channel, own)  # type: ignore[arg-type]
        except (ports.Down, ports.Rejected) as problem:
            notes.error(request, f"没有发出去：{problem}")
            return redirect("inbox:settings")
    toast(request, "发出去了，请到邮箱或群里看看")
    return redirect("inbox:settings")
