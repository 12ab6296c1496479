"""Signing in and out, the first password, the three taps."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from groups import services, throttle
from groups.models import Organisation, Person
from groups.selectors import administrator_of, textbook_for
from website.demo.accounts import demo_accounts
from website.forms import NewPasswordForm, SignInForm, TapsForm


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """学校、手机号或工号、密码."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect(_next(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = _try(request, form)
        if person is not None:
            login(request, person)
            return redirect(_after(person, _next(request)))
    school = form.cleaned_data.get("school") if form.is_bound else None
    context = {
        "form": form,
        "next": _next(request),
        "administrator": administrator_of(school, timezone.now()) if school else None,
        "demo_accounts": demo_accounts() if settings.DEMO_MODE else [],
    }
    return render(request, "website/sign_in.html", context, status=422 if form.errors else 200)


def _try(request: HttpRequest, form: SignInForm) -> Person | None:
    account, school = form.cleaned_data["account"], form.cleaned_data["school"]
    address, at = str(request.META.get("REMOTE_ADDR", "")), timezone.now()
    key = _throttled(account, school)
    wait = throttle.wait_seconds(key, address, at)
    if wait:
        form.add_error(None, f"试得太快了，请 {max(1, round(wait / 60))} 分钟后再试，或请本校管理员重置密码")
        return None
    uid = school.uid if isinstance(school, Organisation) else None
    person = authenticate(request, username=account, password=form.cleaned_data["password"], school=uid)
    if not isinstance(person, Person):
        throttle.failed(key, address, at)
        form.add_error("password", "账号或密码不对。用工号登录要先选学校；忘记密码请找本校管理员")
        return None
    throttle.succeeded(key, address, at)
    return person


def _throttled(account: str, school: Organisation | None) -> str:
    """What is counted for an account: a phone number is one account, whichever school was chosen beside it."""
    if school is None or Person.objects.filter(phone=account).exists():
        return account
    return f"{school.uid}/{account}"


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and not wanted.startswith(reverse("sign-in")) else reverse("home")


def _after(person: Person, target: str) -> str:
    step = "new-password" if person.must_change_password else None
    if step is None and person.preferred_subject_id is None and person.timetable.exists() is False:
        step = "taps"
    return f"{reverse(step)}?{urlencode({'next': target})}" if step else target


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, "你已退出")
    return redirect("home")


@never_cache
@login_required
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """The first sign-in changes the password; anybody may change it later."""
    person = request.user
    assert isinstance(person, Person)
    form = NewPasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        services.choose_password(person=person, password=form.cleaned_data["password"], at=timezone.now())
        update_session_auth_hash(request, person)
        messages.success(request, "密码已换成新的")
        return redirect(_after(person, _next(request)))
    context = {"form": form, "next": _next(request)}
    return render(request, "website/new_password.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def taps(request: HttpRequest) -> HttpResponse:
    """学科、年级、教材. Each tap is a link or a radio; the page works without JavaScript."""
    person = request.user
    assert isinstance(person, Person)
    form = TapsForm(request.POST or None, initial=_tapped(request, person))
    if request.method == "POST" and "done" in request.POST and form.is_valid():
        services.set_preferences(
            person=person,
            subject=form.cleaned_data["subject"],
            grade=form.cleaned_data["grade"],
            textbook=form.cleaned_data["textbook"],
            at=timezone.now(),
        )
        messages.success(request, "记住了，随时可以在右上角换")
        return redirect(_next(request))
    return render(request, "website/taps.html", {"form": form, "next": _next(request)})


def _tapped(request: HttpRequest, person: Person) -> dict[str, object]:
    subject = request.GET.get("subject") or (person.preferred_subject.code if person.preferred_subject else None)
    grade = request.GET.get("grade") or person.preferred_grade
    book = person.preferred_textbook
    if book is None and person.preferred_subject and person.preferred_grade:
        book = textbook_for(person, person.preferred_subject, person.preferred_grade, timezone.now())
    return {"subject": subject, "grade": grade, "textbook": book.uid if book else None}


@login_required
@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """大字, the other way round."""
    person = request.user
    assert isinstance(person, Person)
    services.set_large_type(person=person, on=not person.large_type)
    return redirect(_next(request))
