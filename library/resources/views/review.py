"""审核: what waits for me, the oldest first, and one submission with what changed, decided by one form."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from groups.models import Organisation, OrganisationKind, Role
from library.documents import schema, walk
from library.resources import kinds, services
from library.resources.forms import ReviewForm
from library.resources.keeping import kept, signed_in, typed_text
from library.resources.models import ReviewStep, Submission
from library.resources.selectors import own, reading
from library.resources.selectors.differences import changes
from library.resources.services.reviewing import NotReady, current_step
from library.resources.views.finding import refused
from ui.toasts import toast

PAGE_SIZE = 20


@signed_in
def queue(request: ViewerRequest) -> HttpResponse:
    """`/review/`."""
    page = Paginator(own.waiting(request.viewer), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(submission, own.age_of(submission, request.viewer.at)) for submission in page.object_list]
    return render(request, "library/review_queue.html", {"page": page, "rows": rows})


@signed_in
def review(request: ViewerRequest, pk: int) -> HttpResponse:
    """`/review/<id>/`: read the submitted version, approve it or send it back."""
    submission = get_object_or_404(Submission.objects.select_related("resource", "version", "submitted_by"), pk=pk)
    try:
        require(request.viewer, Action.REVIEW, submission.resource)
    except Refused as refusal:
        return refused(request, refusal)
    form = ReviewForm(request.POST if request.method == "POST" else kept(request))
    if request.method == "POST" and form.is_valid():
        answer = _decide(request, submission, form)
        if answer:
            return answer
    return render(request, "library/review.html", _context(request, submission, form))


def _decide(request: ViewerRequest, submission: Submission, form: ReviewForm) -> HttpResponse | None:
    """Approve or return, then go to the next one; a return without a word stays on the form."""
    told, person = form.cleaned_data, request.viewer.person
    assert person is not None
    after = _neighbours(request, submission)[1]
    try:
        if request.POST.get("decision") == "approve":
            services.approve(
                submission=submission,
                by=person,
                at=timezone.now(),
                opinion=told["opinion"],
                internal_note=told["internal_note"],
                checked=told["checked"],
            )
            words = f"《{submission.version.title}》已通过"
        else:
            services.return_for_changes(submission=submission, by=person, at=timezone.now(), **told)
            words = f"《{submission.version.title}》已退回，作者会看到原因"
    except NotReady as problem:
        form.add_error("reasons", str(problem))
        return None
    except Refused as refusal:
        return refused(request, refusal)
    toast(request, words)
    return redirect("library:review", after) if after else redirect("library:review_queue")


@signed_in
def delegate(request: ViewerRequest, pk: int) -> HttpResponse:
    """委托审核: a city officer hands the city's step to a group's reviewers."""
    submission = get_object_or_404(Submission.objects.select_related("resource"), pk=pk)
    step, person = current_step(submission), request.viewer.person
    if request.method != "POST" or step is None or person is None:
        return redirect("library:review", pk)
    group = Organisation.objects.filter(
        uid=typed_text(request.POST.get("group")), kind=OrganisationKind.GROUP, closed_at__isnull=True
    ).first()
    if group is None:
        messages.error(request, "委托：还没有选集团，请从列表里选一个")
        return redirect("library:review", pk)
    try:
        require(request.viewer, Action.REVIEW, submission.resource)
        services.delegate(step=step, by=person, to=group, at=timezone.now())
    except Refused as refusal:
        return refused(request, refusal)
    toast(request, f"已委托{group.name}审《{submission.resource.title}》")
    return redirect("library:review_queue")


def _groups_to_delegate(request: ViewerRequest, step: ReviewStep | None) -> list[Organisation]:
    """The groups to which this officer may hand the city's waiting step; none for anybody else."""
    is_mine = step is not None and step.level == ReviewStep.Level.CITY and not step.delegated_to_id
    if step is None or not is_mine or step.organisation_id not in request.viewer.in_role(Role.OFFICER):
        return []
    return list(Organisation.objects.filter(kind=OrganisationKind.GROUP, closed_at__isnull=True).order_by("name"))


def _neighbours(request: ViewerRequest, submission: Submission) -> tuple[int | None, int | None]:
    """The submissions before and after this one in my queue."""
    waiting = list(own.waiting(request.viewer).values_list("pk", flat=True))
    if submission.pk not in waiting:
        return None, waiting[0] if waiting else None
    at = waiting.index(submission.pk)
    return (waiting[at - 1] if at else None), (waiting[at + 1] if at + 1 < len(waiting) else None)


def _context(request: ViewerRequest, submission: Submission, form: ReviewForm) -> dict[str, object]:
    resource, version = submission.resource, submission.version
    spec = kinds.spec_of(resource.kind)
    document = schema.load(spec.document, version.document)
    published = resource.published_version if resource.published_version_id != version.pk else None
    before, after = _neighbours(request, submission)
    step = current_step(submission)
    files = tuple(version.attachments.select_related("file__blob", "file__pdf_twin"))
    text = reading.Text(version.title, version.label, document, version, files, version.cut_at)
    return {
        "submission": submission,
        "resource": resource,
        "spec": spec,
        "text": text,
        "version": version,
        "document": document,
        "files": files,
        "view": "full",
        "page": {"spec": spec, "may_download": True},
        "form": form,
        "step": step,
        "steps": submission.steps.select_related("organisation", "decided_by", "delegated_to").order_by("order"),
        "groups": _groups_to_delegate(request, step),
        "audiences": submission.audiences.select_related("organisation", "person"),
        "missing": walk.missing(document),
        "words": walk.word_count(document),
        "changes": changes(schema.load(spec.document, published.document), document) if published else None,
        "published": published,
        "before": before,
        "after": after,
    }
