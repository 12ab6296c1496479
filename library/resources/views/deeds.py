"""What is done to a resource by one button: each a POST that calls one service and comes back with a toast."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from groups.models import Person
from library.resources import services
from library.resources.keeping import signed_in, typed_text
from library.resources.models import Grant, Resource
from library.resources.selectors.inviting import named, nobody_or_several
from library.resources.services.packages import take_over
from library.resources.services.taking import version_to_take
from library.resources.views.finding import find, refused, school_of
from ui.toasts import toast


def button(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A deed of one button: a POST by somebody signed in. Opened as an address it leads to the resource."""
    guarded = signed_in(view)

    @wraps(view)
    def pressed(request: ViewerRequest, uid: str, **kwargs: object) -> HttpResponse:
        return guarded(request, uid=uid, **kwargs) if request.method == "POST" else redirect("library:resource", uid)

    return pressed


def _back(request: HttpRequest, fallback: str) -> HttpResponseRedirect:
    """To the page the button was on, if it was one of ours."""
    origin = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(origin, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(origin if ours else fallback)


@button
def fork(request: ViewerRequest, uid: str) -> HttpResponse:
    """收入备课: the published version, or of one's own draft what was cut last; a package with every part."""
    resource = find(uid)
    viewer, at = request.viewer, timezone.now()
    person = _person(request)
    try:
        require(viewer, Action.FORK, resource)
        version = version_to_take(resource=resource, viewer=viewer, at=at, reason="收入备课")
        if resource.kind == "package":
            mine, parts = take_over(package=version, by=person, school=school_of(viewer), viewer=viewer, at=at)
            words = f"整包已收入我的备课，连同 {len(parts)} 件"
        else:
            mine = services.fork(version=version, by=person, school=school_of(viewer), at=at)
            words = "已收入我的备课"
    except Refused as refusal:
        return refused(request, refusal)
    toast(request, words, undo=reverse("library:undo_fork", args=[mine.uid]))
    return redirect(mine) if request.POST.get("open") else _back(request, mine.get_absolute_url())


def _person(request: ViewerRequest) -> Person:
    person = request.viewer.person
    if person is None:
        raise LookupError("a view behind signed_in has a person")
    return person


@signed_in
def undo_fork(request: ViewerRequest, uid: str) -> HttpResponse:
    """撤销收入: a link in the toast asks once, a POST does it."""
    resource = find(uid)
    if request.method != "POST":
        return render(
            request,
            "library/confirm.html",
            {
                "resource": resource,
                "words": "撤销收入备课",
                "hint": "这份还没有改过，撤销后它不再出现在你的备课里，原件不受影响。",
            },
        )
    source = Resource.objects.filter(derivations__resource=resource).first()
    try:
        services.undo_fork(resource=resource, by=_person(request), at=timezone.now())
    except Refused as refusal:
        return refused(request, refusal)
    toast(request, "已撤销，这份备课不在了")
    return redirect(source.get_absolute_url() if source else "library:mine")


@button
def favourite(request: ViewerRequest, uid: str) -> HttpResponse:
    resource = find(uid)
    try:
        kept = services.toggle_favourite(resource=resource, by=_person(request), at=timezone.now())
    except Refused as refusal:
        return refused(request, refusal)
    toast(
        request,
        "已收藏" if kept else "已取消收藏",
        next_url=reverse("library:favourites") if kept else "",
        next_label="去看收藏",
    )
    return _back(request, resource.get_absolute_url())


def _deed(service: Callable[..., None], words: str) -> Callable[..., HttpResponse]:
    """A button that changes the state and comes back to the resource."""

    @button
    def view(request: ViewerRequest, uid: str) -> HttpResponse:
        resource = find(uid)
        try:
            service(resource=resource, by=_person(request), at=timezone.now())
        except Refused as refusal:
            return refused(request, refusal)
        toast(request, words)
        return redirect("library:mine" if service is services.bin_draft else resource.get_absolute_url())

    return view


archive = _deed(services.archive, "已归档。读者用“已归档”筛选仍找得到")
restore = _deed(services.restore, "已恢复")
delete = _deed(services.bin_draft, "已移到回收站，30 天内可以恢复")


@button
def withdraw(request: ViewerRequest, uid: str) -> HttpResponse:
    """撤回: the open submission where there is one, else the published thing itself."""
    resource = find(uid)
    submitted = resource.submissions.filter(status="open").exists()
    service = services.withdraw_submission if submitted else services.withdraw
    try:
        service(resource=resource, by=_person(request), at=timezone.now())
    except Refused as refusal:
        return refused(request, refusal)
    toast(request, "已撤回送审，改好再送" if submitted else "已撤回到你的草稿，别人收走的那份还在")
    return redirect(resource.get_absolute_url())


@signed_in
def take_down(request: ViewerRequest, uid: str) -> HttpResponse:
    """下架: a page that asks for the reason, which the owner reads."""
    resource = find(uid)
    try:
        require(request.viewer, Action.TAKE_DOWN, resource)
        require(request.viewer, Action.READ, resource)
    except Refused as refusal:
        return refused(request, refusal)
    reason = typed_text(request.POST.get("reason"))[:300]
    error = ""
    if request.method == "POST":
        if reason.strip():
            services.take_down(resource=resource, by=_person(request), reason=reason, at=timezone.now())
            toast(request, f"《{resource.title}》已下架，作者会看到原因")
            return redirect("home")
        error = "原因：还没有写。作者会看到这句话，写清楚哪里要改"
    return render(request, "library/take_down.html", {"resource": resource, "reason": reason, "error": error})


@button
def end_grant(request: ViewerRequest, uid: str, pk: int) -> HttpResponse:
    """缩小共享范围: end one audience."""
    grant = get_object_or_404(Grant, pk=pk, resource__uid=uid)
    try:
        services.end_grant(grant=grant, by=_person(request), at=timezone.now())
    except Refused as refusal:
        return refused(request, refusal)
    toast(request, "已收回这个范围，之前收走的那份还在对方那里")
    return redirect("library:publish", uid=uid)


@button
def invite(request: ViewerRequest, uid: str) -> HttpResponse:
    """邀请一起写: by name or phone number; a name that fits several people invites none of them."""
    resource = find(uid)
    name = typed_text(request.POST.get("name")).strip()
    try:
        require(request.viewer, Action.INVITE_EDITOR, resource)
        found = named(name, request.viewer, resource)
        if len(found) != 1:
            messages.error(request, nobody_or_several(name, len(found)))
            return redirect(resource.get_absolute_url())
        person = found[0]
        services.invite_editor(resource=resource, by=_person(request), person=person, at=timezone.now())
    except Refused as refusal:
        return refused(request, refusal)
    toast(request, f"已邀请{person.name}一起写，发布后邀请自动结束")
    return redirect(resource.get_absolute_url())
