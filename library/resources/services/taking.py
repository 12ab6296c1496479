"""Which version somebody takes home, or builds on, who may: the text that was given out, never another's half-written one."""

from datetime import datetime

from django.db import transaction

from groups import access
from groups.access import Action, Refused, Verdict
from groups.viewer import Viewer
from library.resources import work
from library.resources.models import Resource, Submission, Version
from library.resources.services.versions import cut_version

NOTHING_YET = Verdict(False, "这份稿子还没有提交给大家，提交以后才能下载、打印和收入备课")


@transaction.atomic
def version_to_take(*, resource: Resource, viewer: Viewer, at: datetime, reason: str) -> Version:
    """The published version; else what waits for review or was put out; else, of who writes it, the draft as it stands.

    The rule has let the viewer take the resource before.

    Raises:
        Refused: nothing was given out, and the viewer does not write it.
    """
    if resource.published_version is not None:
        return resource.published_version
    version = in_place_of_draft(resource, viewer) or _waiting(resource)
    if version is not None:
        return version
    if viewer.person is not None and access.may(viewer, Action.EDIT, resource):
        return cut_version(resource=resource, by=viewer.person, at=at, reason=reason)
    submitted = resource.versions.filter(submissions__isnull=False).order_by("-number").first()
    if submitted is None:
        raise Refused(NOTHING_YET)
    return submitted


def in_place_of_draft(resource: Resource, viewer: Viewer) -> Version | None:
    """Of an unpublished resource in work, the version for who does not write it; None: the working copy is not kept back.

    Raises:
        Refused: nothing was put out.
    """
    if not resource.work or access.may(viewer, Action.SEE_DRAFTS, resource):
        return None
    waiting = _waiting(resource)
    if waiting is not None and access.relations_of(viewer, resource) & work.READ_WHAT_WAITS:
        return waiting
    number = work.current(resource.work, resource.pk)
    version = None if number is None else resource.versions.filter(number=number).first()
    if version is None:
        raise Refused(NOTHING_YET)
    access.require(viewer, Action.READ, version)
    return version


def _waiting(resource: Resource) -> Version | None:
    return resource.versions.filter(submissions__status=Submission.Status.OPEN).first()
