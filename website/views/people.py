"""A school's people, for whoever runs them (学校管理员的名单): find, add, correct, give codes, end appointments."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups import access, services
from groups.access import Action
from groups.middleware import ViewerRequest
from groups.models import Appointment, Organisation, Person
from groups.roster import codes, exporting, selectors, writing
from groups.roster import services as roster
from groups.roster.selectors import LABELS, Show
from groups.roster.teachers import main_posts
from groups.services import NotPossible
from groups.viewer import Viewer
from library.resources.keeping import typed_text
from ui.toasts import toast
from website.people_forms import EditPersonForm, EndForm, NewPersonForm, SlipsForm

PER_PAGE = 50
NOT_MANAGING = "这里由学校管理员和教育局人员使用。要改自己的信息，请找本校管理员"


def _viewer(request: HttpRequest) -> Viewer:
    return cast(ViewerRequest, request).viewer


def _school(request: HttpRequest, slug: str) -> Organisation:
    """The school, for whom the policy gives something to do with its people."""
    school = get_object_or_404(Organisation, slug=slug)
    if not selectors.manages(_viewer(request), school):
        raise PermissionDenied(NOT_MANAGING)
    return school


def _person(school: Organisation, uid: str) -> Person:
    return get_object_or_404(selectors.everybody(school), uid=uid)


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The schools whose people one runs; a single one is opened at once."""
    viewer = _viewer(request)
    words = typed_text(request.GET.get("q", ""))[:60].strip()
    schools = selectors.managed(viewer)
    if not words and schools.count() == 1:
        return redirect("people:school", schools.get().slug)
    if not words and not schools.exists():
        raise PermissionDenied(NOT_MANAGING)
    found = schools.filter(name__icontains=words) if words else schools
    page = Paginator(selectors.with_counts(found.order_by("name", "pk"), viewer.at), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "website/people/index.html", {"page": page, "words": words})


@login_required
@never_cache
@require_safe
def school(request: HttpRequest, slug: str) -> HttpResponse:
    """The list with its tabs."""
    here, viewer = _school(request, slug), _viewer(request)
    wanted = request.GET.get("show", "")
    show = Show(wanted) if wanted in set(Show) else Show.HERE
    words = typed_text(request.GET.get("q", ""))[:30].strip()
    counts = selectors.tab_counts(here, viewer.at)
    pages = Paginator(selectors.listed(here, viewer.at, show, words), PER_PAGE)
    if not words:
        pages.count = counts[show]
    page = pages.get_page(request.GET.get("page"))
    tabs = [{"label": LABELS[one], "url": f"?show={one}", "count": counts[one], "on": one is show} for one in Show]
    context = {
        "school": here,
        "page": page,
        "lines": selectors.lines(page.object_list, viewer),
        "tabs": tabs,
        "show": show,
        "show_label": LABELS[show],
        "words": words,
        "never": counts[Show.NEVER],
        "now": viewer.at,
        "may_letterhead": here.pk in viewer.administers,
    }
    return render(request, "website/people/school.html", context)


@login_required
@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The school's people as the workbook that an import reads."""
    here, viewer = _school(request, slug), _viewer(request)
    content = exporting.export(Organisation.objects.filter(pk=here.pk), viewer, viewer.at)
    return workbook(content, f"{here.name}人员.xlsx")


def workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=writing.XLSX, headers={"Cache-Control": "no-store"})
    response.headers["Content-Disposition"] = _attachment(name)
    return response


def _attachment(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(True, name) or "attachment"


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """One new person."""
    here = _school(request, slug)
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = roster.add_person(
                school=here,
                staff_number=form.cleaned_data["staff_number"],
                particulars=form.particulars(),
                by=cast(Person, request.user),
                at=timezone.now(),
            )
        except NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            toast(request, f"{made.name}已加入名单，还没有登录码")
            return redirect("people:person", here.slug, made.uid)
    context = {"school": here, "form": form}
    return render(request, "website/people/add.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """One person: what is registered, where they serve, what the administrator may do."""
    here = _school(request, slug)
    shown = _person(here, uid)
    form = _form(request, shown)
    if request.method == "POST" and form.is_valid() and _saved(request, shown, form):
        toast(request, f"{form.cleaned_data['name']}的信息已保存")
        return redirect("people:person", here.slug, shown.uid)
    shown.refresh_from_db()
    viewer = _viewer(request)
    (line,) = selectors.lines([shown], viewer)
    posts = shown.appointments.filter(organisation=here).select_related("subject").order_by("-starts_at", "pk")
    context = {
        "school": here,
        "line": line,
        "person": shown,
        "form": form,
        "posts": [(post, post.ends_at is not None and post.ends_at <= viewer.at) for post in posts],
        "is_self": shown == request.user,
    }
    return render(request, "website/people/person.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, shown: Person) -> EditPersonForm:
    post = main_posts([shown.pk]).get(shown.pk)
    initial = {
        "name": shown.name,
        "phone": shown.phone or "",
        "email": shown.email,
        "title": shown.title,
        "subject": post.subject.code if post and post.subject else "",
        "grade": post.grade if post else "",
        "seen": roster.seen_of(shown),
    }
    return EditPersonForm(request.POST if request.method == "POST" else None, initial=initial)


def _saved(request: HttpRequest, shown: Person, form: EditPersonForm) -> bool:
    """Saved, or the form tells why not; after somebody else's change it carries the present state along."""
    try:
        roster.edit_person(
            person=shown,
            particulars=form.particulars(),
            seen=form.cleaned_data["seen"],
            by=cast(Person, request.user),
            at=timezone.now(),
        )
    except roster.ChangedMeanwhile as problem:
        form.add_error(None, str(problem))
        sent = request.POST.copy()
        sent["seen"] = roster.seen_of(shown)
        form.data = sent
        for name in ("name", "phone", "email", "title", "subject", "grade"):
            now = form.get_initial_for_field(form.fields[name], name)
            form[name].help_text = f"现在登记的是：{_told(form, name, now)}"
        return False
    except NotPossible as problem:
        form.add_error("phone", str(problem))
        return False
    return True


def _told(form: EditPersonForm, name: str, now: object) -> str:
    choices = {str(value): label for value, label in getattr(form.fields[name], "choices", ())}
    return str(choices.get(str(now), now) or "空")


@login_required
@require_POST
def disable(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """停用账号."""
    here = _school(request, slug)
    shown = _person(here, uid)
    try:
        services.disable(person=shown, by=cast(Person, request.user), at=timezone.now(), reason="学校管理员停用")
    except NotPossible as problem:
        messages.error(request, str(problem))
    else:
        toast(request, f"{shown.name}的账号已停用，马上不能再用")
    return redirect("people:person", here.slug, shown.uid)


@login_required
@require_POST
def enable(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """启用账号."""
    here = _school(request, slug)
    shown = _person(here, uid)
    services.enable(person=shown, by=cast(Person, request.user), at=timezone.now())
    toast(request, f"{shown.name}的账号已启用")
    return redirect("people:person", here.slug, shown.uid)


@login_required
@require_http_methods(["GET", "POST"])
def end_post(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """结束任职, with the last day and a reason."""
    here = _school(request, slug)
    post = get_object_or_404(Appointment.objects.select_related("person", "organisation"), pk=pk, organisation=here)
    access.require(_viewer(request), Action.END, post)
    form = EndForm(request.POST or None, initial={"last_day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            roster.end_post(post=post, by=cast(Person, request.user), at=timezone.now(), **form.cleaned_data)
        except NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            toast(request, f"{post.person.name}的任职最后一天是 {form.cleaned_data['last_day']}")
            return redirect("people:person", here.slug, post.person.uid)
    context = {"school": here, "post": post, "form": form}
    return render(request, "website/people/end.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def slips(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose who gets a code; the answer to the form is the sheet of slips itself, shown this once."""
    here, viewer = _school(request, slug), _viewer(request)
    everybody = selectors.resettable(here, viewer)
    if not everybody.exists():
        raise PermissionDenied("登录码由本校管理员发，请找本校管理员")
    form = SlipsForm(request.POST if request.method == "POST" else None, people=everybody)
    if request.method == "POST" and form.is_valid():
        return _print(request, here, list(form.cleaned_data["people"]))
    chosen = set(request.POST.getlist("people")) if request.method == "POST" else None
    people = [(one, one.last_login is None if chosen is None else one.uid in chosen) for one in everybody]
    context = {"school": here, "people": people, "form": form, "weeks": codes.LIFETIME.days // 7}
    return render(request, "website/people/slips_choose.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_POST
def code(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """重置密码: one person's new code on a slip, shown this once."""
    here = _school(request, slug)
    shown = _person(here, uid)
    access.require(_viewer(request), Action.RESET_PASSWORD, shown)
    if shown == request.user:
        raise Http404("自己的密码请用“换密码”")
    return _print(request, here, [shown])


def _print(request: HttpRequest, here: Organisation, people: list[Person]) -> HttpResponse:
    made = codes.issue(people=people, by=cast(Person, request.user), at=timezone.now())
    response = render(request, "website/people/slips.html", {"school": here, "slips": made})
    response.headers["Cache-Control"] = "no-store, private"
    return response
