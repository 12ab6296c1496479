"""进出集团: proposing and answering; the charter; a new group."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from groups import access
from groups.access import Action, Refused, Verdict
from groups.memberships import selectors, services
from groups.memberships.forms import CharterForm, ExchangeForm, FoundingForm, ModesForm, ProposalForm, midnight
from groups.memberships.models import Proposal
from groups.memberships.policies import concerning
from groups.middleware import ViewerRequest
from groups.models import Appointment, Nature, Organisation, Person, Role
from groups.services import GROUP_KINDS, NotPossible, appoint, end_appointment
from groups.viewer import AREAS, SCHOOL_LIKE, Viewer
from ui.toasts import toast

PER_PAGE = 20


def _viewer(request: HttpRequest) -> Viewer:
    return cast(ViewerRequest, request).viewer


@login_required
def proposals(request: HttpRequest, slug: str) -> HttpResponse:
    """`/g/<slug>/membership/`: what was proposed, and a form for what this viewer may propose."""
    here = get_object_or_404(Organisation, slug=slug)
    viewer = _viewer(request)
    if not selectors.may_see_proposals(here, viewer):
        raise Refused(Verdict(False, "进出集团的提议只对这个集团、有关学校的管理员和教育局开放"))
    forms = _forms(request, here, viewer)
    wanted = request.POST.get("what", "")
    form = forms.get(wanted)
    if request.method == "POST" and form is not None and form.is_valid():
        answer = _propose(request, here, wanted, form)
        if answer is not None:
            return answer
    page = Paginator(selectors.of_organisation(here, viewer), PER_PAGE).get_page(request.GET.get("page"))
    context = {"here": here, "forms": forms, "page": page, "leaving": selectors.LEAVING}
    failed = form is not None and bool(form.errors)
    return render(request, "memberships/proposals.html", context, status=422 if failed else 200)


def _forms(request: HttpRequest, here: Organisation, viewer: Viewer) -> dict[str, ProposalForm]:
    """The forms that this viewer gets; the one that was sent is bound."""
    able = selectors.choices(here, viewer)
    told = {
        "entry": (able.entries, "请哪所学校加入", True),
        "exit": (able.exits, "请哪所成员校退出", False),
        "leave": (able.leaving, "退出哪个集团", False),
    }
    return {
        name: ProposalForm(
            request.POST if request.POST.get("what") == name else None,
            others=others,
            label=label,
            with_mode=with_mode,
            auto_id=f"id_{name}_%s",
        )
        for name, (others, label, with_mode) in told.items()
        if others is not None
    }


def _propose(request: HttpRequest, here: Organisation, what: str, form: ProposalForm) -> HttpResponse | None:
    """Propose, or put the sentence on the form."""
    told = form.cleaned_data
    school, group = (here, told["other"]) if what == "leave" else (told["other"], here)
    service = services.propose_entry if what == "entry" else services.propose_exit
    terms = services.Terms(
        told["reason"], told["document_title"], told["document"], form.effective_at, told.get("mode", "")
    )
    try:
        made = service(school=school, group=group, by=cast(Person, request.user), terms=terms, at=timezone.now())
    except NotPossible as problem:
        form.add_error(None, str(problem))
        return None
    waits = f"{made.school.name}的管理员" if what == "entry" else "核心校所在区的教育局"
    toast(request, f"已提出，等{waits}答复")
    return redirect(made)


@login_required
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """`/membership/<pk>/`: one proposal with its document; its buttons for whom it waits."""
    viewer = _viewer(request)
    found = get_object_or_404(Proposal.objects.select_related("school", "group", "proposed_by", "decided_by"), pk=pk)
    if not concerning(viewer).filter(pk=pk).exists():
        raise Refused(Verdict(False, "这份提议只对有关的集团、学校和教育局开放"))
    note, error = request.POST.get("note", "").replace("\x00", "")[:200], ""
    if request.method == "POST":
        try:
            words = _answer(request, found, note)
        except NotPossible as problem:
            error = str(problem)
        else:
            toast(request, words)
            return redirect(found)
    context = {
        "proposal": found,
        "deeds": selectors.deeds(found, viewer),
        "leaving": selectors.LEAVING,
        "note": note,
        "error": error,
    }
    return render(request, "memberships/proposal.html", context, status=422 if error else 200)


def _answer(request: HttpRequest, found: Proposal, note: str) -> str:
    person, at = cast(Person, request.user), timezone.now()
    deed = request.POST.get("deed", "")
    deeds: dict[str, Callable[[], object]] = {
        "accept": lambda: services.accept(proposal=found, by=person, at=at, note=note),
        "decline": lambda: services.decline(proposal=found, by=person, at=at, note=note),
        "withdraw": lambda: services.withdraw(proposal=found, by=person, at=at),
    }
    if deed not in deeds:
        raise NotPossible("没有这个操作，请用页面上的按钮")
    deeds[deed]()
    return {"accept": "已同意", "decline": "已答复不同意", "withdraw": "已撤回"}[deed]


def charter(request: HttpRequest, slug: str) -> HttpResponse:
    """`/g/<slug>/charter/`: the charter and the ones before it; its administrator adopts a new one and sets the modes."""
    group = get_object_or_404(Organisation, slug=slug, kind__in=GROUP_KINDS)
    viewer = _viewer(request)
    access.require(viewer, Action.READ, group)
    may_edit = bool(access.may(viewer, Action.EDIT, group)) and not group.closed_at
    what = request.POST.get("what", "") if may_edit else ""
    form = CharterForm(request.POST if what == "charter" else None)
    modes = ModesForm(request.POST if what == "modes" else None, initial={"mode": group.mode, "form": group.form})
    if request.method == "POST" and not may_edit:
        raise Refused(Verdict(False, "只有集团管理员能改章程和办学形式"))
    sent = modes if what == "modes" else form
    if request.method == "POST" and sent.is_valid() and _save(request, group, sent):
        return redirect("memberships:charter", slug)
    context = {
        "group": group,
        "charters": selectors.charters(group, viewer),
        "leaving": selectors.LEAVING,
        "may_edit": may_edit,
        "form": form,
        "modes": modes,
    }
    return render(request, "memberships/charter.html", context, status=422 if sent.errors else 200)


def _save(request: HttpRequest, group: Organisation, form: CharterForm | ModesForm) -> bool:
    person, at, told = cast(Person, request.user), timezone.now(), form.cleaned_data
    try:
        if isinstance(form, ModesForm):
            services.set_modes(group=group, by=person, at=at, **told)
            toast(request, "办学形式已保存")
        else:
            services.adopt_charter(
                group=group,
                title=told["title"],
                body=told["body"],
                public_body=told["public_body"],
                by=person,
                at=at,
                starts_at=midnight(told["starts_on"]),
            )
            toast(request, "章程已保存，前一份到施行那天为止")
    except NotPossible as problem:
        form.add_error(None, str(problem))
        return False
    return True


@login_required
def found(request: HttpRequest, slug: str) -> HttpResponse:
    """`/g/<slug>/new-group/`: a bureau's officer lets a grown school lead a new group."""
    bureau = get_object_or_404(Organisation, slug=slug, kind__in=AREAS)
    viewer = _viewer(request)
    if bureau.pk not in viewer.in_role(Role.OFFICER):
        raise Refused(Verdict(False, "新集团由所在区的教育局人员来办"))
    form = FoundingForm(request.POST or None, bureau=bureau, at=viewer.at)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            group = services.found_group(
                name=told["name"],
                slug=told["slug"],
                lead=told["lead"],
                bureau=bureau,
                by=cast(Person, request.user),
                at=timezone.now(),
                mode=told["mode"],
            )
        except NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            toast(request, f"{group.name}已设立，核心校是{told['lead'].name}")
            return redirect(group)
    context = {"bureau": bureau, "form": form, "back": reverse("groups:organisation", args=[slug])}
    return render(request, "memberships/found.html", context, status=422 if form.errors else 200)


@login_required
def exchanges(request: HttpRequest, slug: str) -> HttpResponse:
    """`/g/<slug>/exchanges/`: who comes to a school for a time, and a form for another one."""
    here = get_object_or_404(Organisation, slug=slug, kind__in=SCHOOL_LIKE)
    viewer = _viewer(request)
    if not selectors.may_appoint(here, viewer):
        raise Refused(Verdict(False, "交流任职由本校管理员或教育局人员来办"))
    form = ExchangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            appoint(
                person=told["who"],
                organisation=here,
                by=cast(Person, request.user),
                at=timezone.now(),
                nature=Nature(told["nature"]),
                starts_at=midnight(told["starts_on"]),
                ends_at=midnight(told["ends_on"] + timedelta(days=1)),
                reason=told["reason"],
            )
        except NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            toast(request, f"{told['who'].name}的任职已登记，到期自动结束")
            return redirect("memberships:exchanges", slug)
    page = Paginator(selectors.exchanges(here), PER_PAGE).get_page(request.GET.get("page"))
    context = {"here": here, "form": form, "page": page, "at": viewer.at}
    return render(request, "memberships/exchanges.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end_exchange(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """结束一段交流任职; what was written there stays with the school."""
    held = get_object_or_404(Appointment, pk=pk, organisation__slug=slug)
    end_appointment(appointment=held, by=cast(Person, request.user), at=timezone.now())
    toast(request, f"{held.person.name}在这里的任职已结束")
    return redirect("memberships:exchanges", slug)
