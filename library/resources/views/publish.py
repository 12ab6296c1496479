"""分享与送审: choose the audiences, see the chain, submit; end an audience again."""

from datetime import datetime, time

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from groups.access import Action, Refused, require
from groups.middleware import ViewerRequest
from groups.models import State
from library.resources import kinds, services
from library.resources.forms import PublishForm, audience_bodies
from library.resources.keeping import kept, signed_in
from library.resources.models import Resource, Submission
from library.resources.services.reviewing import NotReady, missing_sections
from library.resources.views.finding import find, refused
from ui.toasts import toast


@signed_in
def publish(request: ViewerRequest, uid: str) -> HttpResponse:
    """`/r/<uid>/publish/`."""
    resource = find(uid)
    try:
        require(request.viewer, Action.SUBMIT, resource)
    except Refused as refusal:
        return refused(request, refusal)
    typed = request.POST if request.method == "POST" else kept(request)
    form = PublishForm(
        typed,
        bodies=audience_bodies(request.viewer, resource.home_school),
        at=timezone.localtime(),
        school=resource.home_school,
    )
    if request.method == "POST" and form.is_valid():
        answer = _submit(request, resource, form)
        if answer:
            return answer
    return render(request, "library/publish.html", _context(request, resource, form))


def _submit(request: ViewerRequest, resource: Resource, form: PublishForm) -> HttpResponse | None:
    """Submit, or put the sentence on the form and answer nothing."""
    ends = form.cleaned_data["ends_on"]
    ends_at = timezone.make_aware(datetime.combine(ends, time(23, 59))) if ends else None
    person = request.viewer.person
    assert person is not None
    try:
        submission = services.submit(
            resource=resource,
            by=person,
            audiences=form.audiences(ends_at),
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
            label=form.cleaned_data["label"],
        )
    except NotReady as problem:
        form.add_error(None, str(problem))
        return None
    except Refused as refusal:
        return refused(request, refusal)
    first = submission.steps.select_related("organisation").order_by("order").first()
    words = f"已送审，先由{first.organisation.name}审核" if first else "已共享，对方现在就能看到"
    toast(request, words)
    return redirect(resource.get_absolute_url())


def _context(request: ViewerRequest, resource: Resource, form: PublishForm) -> dict[str, object]:
    spec = kinds.spec_of(resource.kind)
    copy = resource.working_copy
    open_submission = (
        resource.submissions.filter(status=Submission.Status.OPEN).prefetch_related("steps__organisation").first()
    )
    return {
        "resource": resource,
        "title": copy.title,
        "form": form,
        "grants": resource.grants.valid_at(request.viewer.at).select_related("organisation", "person"),
        "missing": missing_sections(resource),
        "edit_url": spec.edit_url,
        "open": open_submission,
        "is_published": resource.state == State.PUBLISHED,
    }
