"""求资源: the list, asking, one wish with its answers."""

from urllib.parse import parse_qs, urlsplit

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from catalogue.models import Node
from groups import access
from groups.access import Action, require
from groups.middleware import ViewerRequest
from library.resources.keeping import kept, typed_text
from library.resources.models import Kind, Resource
from library.resources.selectors.cards import cards
from library.together.models import Wish, WishAnswer
from library.together.services import wishing
from library.together.services.talk import NotPossible
from library.together.views.answering import button, page, person_of
from ui.toasts import toast

PAGE_SIZE = 20
MOST_OWN = 30
TABS = {"open": "还在求", "mine": "我求的", "closed": "已解决"}


@page
def wishes(request: ViewerRequest) -> HttpResponse:
    """`/wishes/`: what colleagues look for; `?node=` for one lesson."""
    tab = request.GET.get("tab", "open")
    tab = tab if tab in TABS else "open"
    found = access.narrow(Wish.objects.all(), request.viewer, Action.READ)
    wanted = {"open": Q(closed_at=None), "mine": Q(asker=request.viewer.person_id), "closed": ~Q(closed_at=None)}
    node = Node.objects.filter(uid=typed_text(request.GET.get("node"))).first()
    found = found.filter(wanted[tab])
    found = found.filter(node=node) if node else found
    seen = WishAnswer.objects.filter(
        wish=OuterRef("pk"), resource__in=Resource.objects.order_by().visible_to(request.viewer)
    )
    listed = found.select_related("asker", "school_then", "node__outline").annotate(is_answered=Exists(seen))
    shown = Paginator(listed.order_by("-at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": shown, "wishes": list(shown.object_list), "tabs": TABS.items(), "tab": tab, "node": node}
    return render(request, "together/wishes.html", context)


def _searched_for(request: HttpRequest) -> str:
    """The words of the search that found nothing, when the person comes from it."""
    origin = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(origin, {request.get_host()}, require_https=request.is_secure()):
        return ""
    address = urlsplit(origin)
    return parse_qs(address.query).get("q", [""])[0][:120] if address.path == "/search/" else ""


@page
def ask(request: ViewerRequest) -> HttpResponse:
    """`/wishes/ask/`: from a lesson (`?node=`), or from a search that found nothing."""
    typed = request.POST if request.method == "POST" else kept(request)
    source = typed if typed is not None else request.GET
    node = Node.objects.filter(uid=typed_text(source.get("node"))).first()
    words = typed_text(source.get("words") or source.get("q")) or ("" if typed else _searched_for(request))
    kind, details, error = typed_text(source.get("kind")), typed_text(source.get("details")), ""
    if request.method == "POST":
        try:
            made = wishing.ask(
                by=person_of(request), words=words, details=details, node=node, kind=kind, at=timezone.now()
            )
        except NotPossible as problem:
            error = str(problem)
        else:
            toast(request, "已发出，有人回应会告诉你")
            return redirect(made.get_absolute_url())
    context = {
        "words": words,
        "details": details,
        "kind": kind,
        "node": node,
        "kinds": Kind.choices,
        "error": error,
    }
    return render(request, "together/ask.html", context)


@page
def wish(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/wishes/<uid>/`: what is asked for and the answers that the viewer may read."""
    found = get_object_or_404(Wish.objects.select_related("asker", "school_then", "node__outline"), uid=uid)
    require(request.viewer, Action.READ, found)
    answers = list(found.answers.select_related("by"))
    visible = Resource.objects.filter(pk__in=[a.resource_id for a in answers]).visible_to(request.viewer)
    by_pk = {card.resource.pk: card for card in cards(visible, request.viewer)}
    own = Resource.objects.filter(owner=request.viewer.person_id, state="published").order_by("-published_at")
    context = {
        "wish": found,
        "answers": [(a, by_pk[a.resource_id]) for a in answers if a.resource_id in by_pk],
        "is_asker": found.asker_id == request.viewer.person_id,
        "own": list(own[:MOST_OWN]),
    }
    return render(request, "together/wish.html", context)


@button
def answer(request: ViewerRequest, uid: str) -> HttpResponse:
    """Answer with a resource: chosen from one's own, or by its number or address."""
    found = get_object_or_404(Wish, uid=uid)
    typed = typed_text(request.POST.get("address")).strip() or typed_text(request.POST.get("resource"))
    number = typed.split("/r/")[-1].strip("/ ")[:10]
    resource = Resource.objects.filter(uid=number).first()
    if resource is None or not access.may(request.viewer, Action.READ, resource):
        raise NotPossible("资源：没有找到这份，请从列表里选，或贴资源页的网址")
    wishing.answer(
        wish=found,
        by=person_of(request),
        resource=resource,
        words=typed_text(request.POST.get("words")),
        at=timezone.now(),
    )
    toast(request, f"已告诉{found.asker.name}，谢谢你")
    return redirect(found.get_absolute_url())


@button
def close(request: ViewerRequest, uid: str) -> HttpResponse:
    found = get_object_or_404(Wish, uid=uid)
    wishing.close(wish=found, by=person_of(request), at=timezone.now())
    toast(request, "已标为已解决")
    return redirect("together:wishes")
