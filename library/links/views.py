"""Opening a share link, and the owner's list of links."""

from datetime import datetime, time, timedelta
from typing import cast

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups import access
from groups.access import Action, Refused
from groups.middleware import OPENED_LINKS, ViewerRequest
from groups.models import GrantLevel, Person
from groups.selectors import school_of
from library.links import services
from library.links.forms import LinkForm, PasswordForm
from library.links.models import ShareLink
from library.links.selectors import linked_page
from library.resources.keeping import signed_in, typed_text
from library.resources.selectors import packages
from library.resources.views.downloads import as_file
from library.resources.views.finding import find, is_use, refused
from ui.toasts import toast

PER_PAGE = 20
REMEMBERED = 30
"""How many opened links a browser's session keeps."""
NEW = "new_link"


def _link(token: str) -> ShareLink:
    found = ShareLink.objects.select_related("resource__owner", "resource__published_version", "made_by")
    link = found.filter(token_sha256=services.digest(token)).first()
    if link is None:
        raise Http404("没有这个分享链接，可能地址没有抄全")
    return link


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: ViewerRequest, token: str) -> HttpResponse:
    """`/l/<token>/`: the thing behind the link, after its password; an ended one says so and whom to ask."""
    link = _link(token)
    if not _holds(request, link):
        ended = _ended(request, link)
        if ended is not None:
            return ended
        if link.password:
            return _ask(request, link, token)
        _remember(request, link)
    if is_use(request):
        services.count_visit(link)
    return render(request, "links/opened.html", _context(request, link, token))


def _holds(request: ViewerRequest, link: ShareLink) -> bool:
    return bool(access.may(request.viewer, Action.READ, link))


def _ended(request: ViewerRequest, link: ShareLink) -> HttpResponse | None:
    """410 with the sentence, or nothing while the link is valid."""
    rule = access.registration(ShareLink)
    if not request.viewer.disabled and rule.state_of(link, request.viewer) == "valid":
        return None
    when = link.ends_at if link.ends_at and link.ends_at <= request.viewer.at else None
    context = {"link": link, "when": when, "school": school_of(link.made_by, request.viewer.at)}
    return render(request, "links/ended.html", context, status=410)


def _ask(request: ViewerRequest, link: ShareLink, token: str) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.check(
                link=link,
                password=typed_text(form.cleaned_data["password"]),
                address=str(request.META.get("REMOTE_ADDR", "")),
                at=timezone.now(),
            )
        except services.WrongPassword as problem:
            form.add_error("password", str(problem))
        else:
            _remember(request, link)
            return redirect("links:open", token)
    return render(request, "links/password.html", {"form": form}, status=422 if form.errors else 200)


def _remember(request: HttpRequest, link: ShareLink) -> None:
    opened = [pk for pk in request.session.get(OPENED_LINKS, []) if pk != link.pk]
    request.session[OPENED_LINKS] = [*opened, link.pk][-REMEMBERED:]


def _context(request: ViewerRequest, link: ShareLink, token: str) -> dict[str, object]:
    resource = link.resource
    may_download = link.level == GrantLevel.DOWNLOAD and resource.kind != "package"
    page = linked_page(resource, may_download=may_download)
    package = None
    if resource.kind == "package":
        package = packages.package_view(resource, page.text.version, request.viewer)
    return {
        "link": link,
        "token": token,
        "page": page,
        "resource": resource,
        "text": page.text,
        "version": page.text.version,
        "document": page.text.document,
        "files": page.text.files,
        "view": "full",
        "package": package,
        "may_download": may_download,
    }


@never_cache
@require_safe
def download(request: ViewerRequest, token: str) -> HttpResponse | FileResponse:
    """`/l/<token>/download/`: where the link allows it, the published version to take home."""
    link = _link(token)
    if not _holds(request, link):
        return _ended(request, link) or redirect("links:open", token)
    version = link.resource.published_version
    if link.level != GrantLevel.DOWNLOAD or version is None or link.resource.kind == "package":
        return render(request, "links/view_only.html", {"link": link, "token": token}, status=403)
    if is_use(request):
        services.count_download(link)
    try:
        return as_file(link.resource, version, request.viewer)
    except FileNotFoundError as problem:
        raise Http404("里面有文件在存储里找不到了，请联系作者重新上传") from problem


@signed_in
def links(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/links/`: a resource's links, the newest first, and a form for another one."""
    resource = find(uid)
    try:
        access.require(request.viewer, Action.GRANT, resource)
    except Refused as refusal:
        return refused(request, refusal)
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _make(request, uid, form)
        if answer is not None:
            return answer
    rows = ShareLink.objects.filter(resource=resource).select_related("made_by", "revoked_by")
    new = request.session.pop(NEW, None) if request.method == "GET" else None
    context = {
        "resource": resource,
        "form": form,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "at": request.viewer.at,
        "new_address": request.build_absolute_uri(reverse("links:open", args=[new])) if new else "",
    }
    return render(request, "links/links.html", context, status=422 if form.errors else 200)


def _make(request: ViewerRequest, uid: str, form: LinkForm) -> HttpResponse | None:
    """Make the link and come back to show its address once; or put the sentence on the form."""
    day = form.cleaned_data["ends_on"]
    ends = timezone.make_aware(datetime.combine(day, time()) + timedelta(days=1)) if day else None
    try:
        _, token = services.make(
            resource=find(uid),
            by=cast(Person, request.viewer.person),
            at=timezone.now(),
            level=GrantLevel(form.cleaned_data["level"]),
            ends_at=ends,
            password=typed_text(form.cleaned_data["password"]),
            note=typed_text(form.cleaned_data["note"]),
        )
    except services.NotPossible as problem:
        form.add_error(None, str(problem))
        return None
    except Refused as refusal:
        return refused(request, refusal)
    request.session[NEW] = token
    return redirect("links:links", uid=uid)


@require_POST
@signed_in
def revoke(request: ViewerRequest, uid: str, pk: int) -> HttpResponse:
    """收回一个链接."""
    link = get_object_or_404(ShareLink, pk=pk, resource__uid=uid)
    try:
        services.revoke(link=link, by=cast(Person, request.viewer.person), at=timezone.now())
    except Refused as refusal:
        return refused(request, refusal)
    toast(request, "已收回，这个链接打不开了")
    return redirect("links:links", uid=uid)
