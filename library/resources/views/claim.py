"""认领: an empty square becomes a draft at that lesson, owned by whoever claims it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from catalogue.models import Node
from groups.middleware import ViewerRequest
from library.documents import schema
from library.resources import kinds, services
from library.resources.keeping import signed_in
from library.resources.models import Kind
from library.resources.views.finding import school_of
from ui.toasts import toast


@signed_in
def claim(request: ViewerRequest, outline_uid: str, uid: str) -> HttpResponse:
    """Start a lesson design at the node and open it for writing. Opened as an address it leads to the lesson."""
    if request.method != "POST":
        return redirect("catalogue:node", outline_uid, uid)
    node = get_object_or_404(Node.objects.with_place(), uid=uid, outline__uid=outline_uid)
    spec = kinds.spec_of(Kind.LESSON_DESIGN)
    textbook = getattr(node.outline, "textbook", None)
    person = request.viewer.person
    if person is None:
        return redirect(node.get_absolute_url())
    resource = services.create(
        kind=spec.kind,
        owner=person,
        school=school_of(request.viewer),
        draft=services.Draft(title=node.title, document=schema.load(spec.document, {})),
        metadata=services.Metadata(
            subjects=(textbook.subject,) if textbook else (),
            grade_from=textbook.grade_from if textbook else None,
            grade_to=textbook.grade_to if textbook else None,
        ),
        nodes=(node,),
        at=timezone.now(),
    )
    toast(request, f"《{node.title}》已放进我的备课，先写基本信息")
    return redirect(spec.edit_url, resource.uid)
