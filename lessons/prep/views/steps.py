"""`/prep/<uid>/step/<name>/`: one step of the state machine as a page with its form, its button and what stands beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from groups import access
from groups.access import Action
from groups.middleware import ViewerRequest
from groups.models import Person
from groups.services import NotPossible
from lessons.prep import forms, hooks, selectors
from lessons.prep import services as prep
from lessons.prep.forms import StepForm
from lessons.prep.heads import head_of
from lessons.prep.models import Preparation
from lessons.prep.services.settling import needed_voices
from lessons.prep.services.steps import why_stale
from lessons.prep.views.finding import find, page, person_of
from lessons.prep.views.planning import context_of
from library.resources import services
from library.resources.keeping import kept, typed_text
from library.resources.services.reviewing import NotReady as NotReadyForReview
from ui.toasts import toast

Do = Callable[[Preparation, Person, datetime, int | None, Any], Preparation]
Beside = Callable[[Preparation, Any], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step as a page.

    Attributes:
        do: (preparation, by, at, seen, the form) → the preparation afterwards.
        beside: what the page prints beside the form.
    """

    action: Action
    title: str
    text: str
    button: str
    done: str
    form: type[StepForm]
    do: Do
    beside: Beside = lambda preparation, viewer: {}


def _source(form: Any) -> Any:
    chosen = form.cleaned_data.get("source", "")
    return selectors.version_chosen(form.preparation, form.viewer, int(chosen)) if chosen else None


def _archive(row: Preparation, by: Person, at: datetime, seen: int | None, form: Any) -> Preparation:
    wanted = form.cleaned_data.get("audience") == "circle"
    audiences = (services.Audience(organisation=row.circle),) if wanted else ()
    return prep.archive(preparation=row, by=by, at=at, seen=seen, audiences=audiences)


def _change_plan(row: Preparation, by: Person, at: datetime, seen: int | None, form: Any) -> Preparation:
    return prep.change_plan(preparation=row, what=form.plan(), by=by, at=at, seen=seen)


def _quorum(row: Preparation, viewer: Any) -> Mapping[str, Any]:
    return {"voices": needed_voices(row, viewer.at), "adopted": _adopted(row)}


def _adopted(row: Preparation) -> list[tuple[Person, int]]:
    counts = hooks.adopted_of(row)
    people = Person.objects.in_bulk(counts)
    return [(people[pk], count) for pk, count in sorted(counts.items()) if count]


def _looking_back(row: Preparation, viewer: Any) -> Mapping[str, Any]:
    return {"figures": selectors.figures(row), "reflections": hooks.reflections_of(row, viewer)}


STEPS: Mapping[str, Step] = {
    "claim": Step(
        Action.CLAIM,
        "认领主备",
        "认领以后由你写初稿，参备人的名单就此固定。",
        "认领，开始初备",
        "已认领，可以写初稿了",
        forms.SourceForm,
        lambda row, by, at, seen, form: prep.claim(preparation=row, by=by, at=at, seen=seen, source=_source(form)),
    ),
    "assign": Step(
        Action.ASSIGN_LEAD,
        "指派主备人",
        "主备人会收到消息，参备人的名单就此固定。",
        "指派",
        "已指派主备人",
        forms.AssignForm,
        lambda row, by, at, seen, form: prep.assign(
            preparation=row, lead=form.cleaned_data["lead"], by=by, at=at, seen=seen, source=_source(form)
        ),
    ),
    "submit": Step(
        Action.SUBMIT_DRAFT,
        "提交第1稿",
        "第1稿留底不再变，参备人收到消息，开始批注。",
        "提交第1稿",
        "第1稿已提交",
        forms.NoteForm,
        lambda row, by, at, seen, form: prep.submit_draft(
            preparation=row, by=by, at=at, seen=seen, note=form.cleaned_data["note"]
        ),
    ),
    "draft": Step(
        Action.NEW_DRAFT,
        "整理新一稿",
        "批注都处理完了，把改过的教案作为新一稿给大家看。",
        "整理为新一稿",
        "新一稿已整理好",
        forms.NoteForm,
        lambda row, by, at, seen, form: prep.new_draft(
            preparation=row, by=by, at=at, seen=seen, note=form.cleaned_data["note"]
        ),
    ),
    "send": Step(
        Action.SEND_FOR_APPROVAL,
        "送审",
        "送审以后教案不能再改，等审定人定稿或退回。",
        "送审",
        "已送审",
        StepForm,
        lambda row, by, at, seen, form: prep.send_for_approval(preparation=row, by=by, at=at, seen=seen),
        _quorum,
    ),
    "approve": Step(
        Action.APPROVE,
        "审定",
        "定稿为共案 v1.0，此后不再变；被采纳的老师署名为参备。",
        "定稿",
        "已定稿，成为共案 v1.0",
        forms.OpinionForm,
        lambda row, by, at, seen, form: prep.approve(
            preparation=row, by=by, at=at, seen=seen, opinion=form.cleaned_data["opinion"]
        ),
        _quorum,
    ),
    "return": Step(
        Action.RETURN,
        "退回研讨",
        "教案回到研讨，主备人看到原因后再改。",
        "退回",
        "已退回研讨",
        forms.ReasonForm,
        lambda row, by, at, seen, form: prep.return_to_discussion(
            preparation=row, by=by, at=at, seen=seen, reason=form.cleaned_data["reason"]
        ),
    ),
    "hand-down": Step(
        Action.HAND_DOWN,
        "下发共案",
        "老师们收到消息，接收后成为自己的个案；以后共案修订，不会改动他们写的。",
        "下发",
        "已下发",
        forms.HandDownForm,
        lambda row, by, at, seen, form: prep.hand_down(
            preparation=row,
            by=by,
            at=at,
            seen=seen,
            schools=list(form.cleaned_data["schools"]),
            people=form.cleaned_data["people"],
        ),
    ),
    "revise": Step(
        Action.REVISE,
        "发布修订",
        "改过的教案成为共案的新一版，接收过的老师看到“共案有更新”，由他们自己决定取哪些。",
        "发布修订",
        "修订已发布",
        forms.ReviseForm,
        lambda row, by, at, seen, form: prep.revise(
            preparation=row, by=by, at=at, seen=seen, reason=form.cleaned_data["reason"]
        ),
    ),
    "recap": Step(
        Action.RECAP,
        "复盘",
        "一起看看反思和数字，写下总结；归档以前都可以改。",
        "保存复盘",
        "复盘已保存",
        forms.RecapForm,
        lambda row, by, at, seen, form: prep.recap(
            preparation=row,
            by=by,
            at=at,
            seen=seen,
            summary=form.cleaned_data["summary"],
            next_time=form.cleaned_data["next_time"],
        ),
        _looking_back,
    ),
    "conclude": Step(
        Action.CONCLUDE,
        "写下结论",
        "写下大家商量出来的结论，研讨就结束了。",
        "写好了",
        "结论已写下",
        forms.ConcludeForm,
        lambda row, by, at, seen, form: prep.conclude(
            preparation=row, by=by, at=at, seen=seen, conclusion=form.cleaned_data["conclusion"]
        ),
    ),
    "archive": Step(
        Action.ARCHIVE,
        "归档",
        "归档以后不再变。共案可以送审进资源库，署名跟着走。",
        "归档",
        "已归档",
        forms.ArchiveForm,
        _archive,
        _looking_back,
    ),
    "extend": Step(
        Action.EXTEND_DEADLINE,
        "延期",
        "参备人会收到新的截止日。",
        "改好了",
        "截止日已改",
        forms.DeadlineForm,
        lambda row, by, at, seen, form: prep.extend(
            preparation=row, by=by, at=at, seen=seen, deadlines=form.deadlines(), reason=form.cleaned_data["reason"]
        ),
    ),
    "add": Step(
        Action.ADD_MEMBER,
        "补充成员",
        "名单在开始时已经固定，后来的会注明“后加入”。",
        "补充",
        "已补充",
        forms.AddForm,
        lambda row, by, at, seen, form: prep.add_member(
            preparation=row, by=by, at=at, seen=seen, person=form.cleaned_data["who"], role=form.cleaned_data["role"]
        ),
    ),
    "lead": Step(
        Action.CHANGE_LEAD,
        "换主备人",
        "新的主备人接着同一份教案写，原来的稿子和署名都留着。",
        "换主备人",
        "主备人已换",
        forms.LeadForm,
        lambda row, by, at, seen, form: prep.change_lead(
            preparation=row, by=by, at=at, seen=seen, lead=form.cleaned_data["lead"], reason=form.cleaned_data["reason"]
        ),
    ),
    "approver": Step(
        Action.CHANGE_APPROVER,
        "换审定人",
        "审定人不能是主备人。",
        "换审定人",
        "审定人已换",
        forms.ApproverForm,
        lambda row, by, at, seen, form: prep.change_approver(
            preparation=row, by=by, at=at, seen=seen, approver=form.cleaned_data["approver"]
        ),
    ),
    "cancel": Step(
        Action.CANCEL,
        "作废",
        "作废以后不能再继续，写过的都留在经过里。",
        "作废",
        "已作废",
        forms.ReasonForm,
        lambda row, by, at, seen, form: prep.cancel(
            preparation=row, by=by, at=at, seen=seen, reason=form.cleaned_data["reason"]
        ),
    ),
}


@page
def step(request: ViewerRequest, uid: str, name: str) -> HttpResponse:
    """Show the step, or take it."""
    if name == "plan":
        return _edit_plan(request, uid)
    if name not in STEPS:
        raise Http404("没有这一步")
    return _step(request, find(request, uid), STEPS[name], name)


def _step(request: ViewerRequest, preparation: Preparation, spec: Step, name: str) -> HttpResponse:
    seen = _seen(request)
    up_to_date = seen is None or seen == preparation.moves
    if request.method != "POST" or up_to_date:
        access.require(request.viewer, spec.action, preparation)
    typed = request.POST if request.method == "POST" else kept(request)
    form = _form(spec, typed, preparation, request.viewer)
    error, status = "", 200
    if request.method == "POST" and (not up_to_date or form.is_valid()):
        try:
            if seen is not None and not up_to_date:
                raise why_stale(preparation, person_of(request), spec.action, seen)
            spec.do(preparation, person_of(request), timezone.now(), seen, form)
        except prep.Done as done:
            return _on(request, preparation, str(done))
        except (NotPossible, NotReadyForReview) as problem:
            error, status = str(problem), 409
        else:
            return _on(request, preparation, spec.done)
    context = {
        "head": head_of(preparation, request.viewer, name),
        "preparation": preparation,
        "step": spec,
        "name": name,
        "form": form,
        "error": error,
        **spec.beside(preparation, request.viewer),
    }
    return render(request, "prep/step.html", context, status=422 if form.errors and not error else status)


def _form(spec: Step, typed: Any, preparation: Preparation, viewer: Any) -> StepForm:
    more: dict[str, Any] = {}
    if issubclass(spec.form, forms.SourceForm) and preparation.is_shared_plan:
        more["sources"] = selectors.sources_for(preparation, viewer)
    return spec.form(typed, preparation=preparation, viewer=viewer, initial=_initial(spec, preparation), **more)


def _initial(spec: Step, preparation: Preparation) -> dict[str, Any]:
    if spec.action == Action.EXTEND_DEADLINE:
        return forms.deadlines_of(preparation)
    if spec.action == Action.RECAP and hasattr(preparation, "recap"):
        return {"summary": preparation.recap.summary, "next_time": preparation.recap.next_time}
    if spec.action == Action.HAND_DOWN:
        return {"schools": list(preparation.schools.values_list("uid", flat=True))}
    return {}


def _seen(request: ViewerRequest) -> int | None:
    """The move that the page showed; a POST without one is taken as up to date."""
    told = typed_text(request.POST.get("seen"))
    return int(told) if told.isdecimal() and len(told) < 9 else None


def _on(request: ViewerRequest, preparation: Preparation, words: str) -> HttpResponse:
    toast(request, words)
    still = access.may(request.viewer, Action.READ, Preparation.objects.get(pk=preparation.pk))
    return redirect(preparation if still else "prep:index")


def _edit_plan(request: ViewerRequest, uid: str) -> HttpResponse:
    """改计划: the planning form again, without the people and schools."""
    preparation = find(request, uid, Action.EDIT)
    context = context_of(preparation.body, request.viewer.at)
    if context is None:
        raise Http404("备课组没有学科")
    initial = {
        "kind": preparation.kind,
        "node": preparation.node.uid if preparation.node else "",
        "title": preparation.title,
        "requirements": preparation.requirements,
        "period": preparation.period,
        "periods": preparation.periods,
        "week": preparation.week,
        "quorum": preparation.quorum,
        "link": preparation.link,
        **forms.deadlines_of(preparation),
    }
    typed = request.POST if request.method == "POST" else kept(request)
    form = forms.PlanForm(typed, context=context, at=request.viewer.at, initial=initial)
    for name in ("kind", "schools", "approver", "experts", "observers"):
        form.fields.pop(name, None)
    error = ""
    if request.method == "POST" and form.is_valid():
        form.cleaned_data["kind"] = preparation.kind
        try:
            _change_plan(preparation, person_of(request), timezone.now(), _seen(request), form)
        except prep.Done as done:
            return _on(request, preparation, str(done))
        except NotPossible as problem:
            error = str(problem)
        else:
            return _on(request, preparation, "计划已改")
    head = head_of(preparation, request.viewer, "plan")
    shown = {"head": head, "preparation": preparation, "form": form, "error": error, "step": PLAN_STEP, "name": "plan"}
    return render(request, "prep/step.html", shown, status=409 if error else 422 if form.errors else 200)


PLAN_STEP = Step(Action.EDIT, "改计划", "开始初备以前都可以改。", "保存", "计划已改", StepForm, _change_plan)
