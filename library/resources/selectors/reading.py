"""One resource as a page (资源页): the text the viewer may read, its history, its provenance, its package.

The page stays within fifteen queries for a resource with two hundred adaptations as for one with none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from catalogue.models import Node
from groups import access
from groups.access import Action, Relation, Verdict
from groups.models import State
from groups.viewer import Viewer
from library.documents import schema, walk
from library.documents.fields import Document, specs
from library.resources import kinds, panels, work
from library.resources.licensing import RESTRICTIVE, why_no_derivation
from library.resources.models import (
    Contribution,
    Derivation,
    Favourite,
    Grant,
    Package,
    Placement,
    Resource,
    Submission,
    UsageEvent,
    Version,
    VersionFile,
)
from library.resources.panels import Loaded
from library.resources.selectors.cards import node_place, scope_of
from library.resources.selectors.packages import parts_of

SHOWN_ADAPTATIONS = 5
AUTHORS = frozenset({Relation.OWNER, Relation.CO_AUTHOR, Relation.DRAFT_EDITOR})


@dataclass(frozen=True, slots=True)
class Text:
    """What is read: a version, or the working copy while nothing else may be shown.

    Attributes:
        version: None for the working copy.
        files: attachments with their files, in order.
    """

    title: str
    label: str
    document: Document
    version: Version | None
    files: tuple[Any, ...]
    at: datetime

    @property
    def main_files(self) -> list[Any]:
        return [a for a in self.files if a.purpose == "main"]

    @property
    def other_files(self) -> list[Any]:
        return [a for a in self.files if a.purpose not in {"main", "picture", "poster", "subtitle"}]


@dataclass(frozen=True, slots=True)
class Button:
    """An action with the rule's answer; a refusal says why and whom to ask."""

    allowed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ResourcePage:
    """Everything the resource page prints."""

    resource: Resource
    spec: kinds.KindSpec
    text: Text
    buttons: dict[str, Button]
    held: frozenset[Relation]
    contributions: tuple[Contribution, ...]
    node: Any
    places: tuple[tuple[str, str], ...]
    versions: tuple[Version, ...]
    source: Resource | None
    source_label: str
    adaptations: tuple[Resource, ...]
    package: Resource | None
    siblings: tuple[Resource, ...]
    scope: str
    contents: tuple[tuple[str, str], ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    panels: tuple[Loaded, ...] = ()

    @property
    def is_owner(self) -> bool:
        return Relation.OWNER in self.held

    @property
    def may_download(self) -> bool:
        return self.buttons["download"].allowed

    @property
    def has_paper(self) -> bool:
        """Its written text can be taken home as Word and PDF."""
        return bool(self.contents) and kinds.is_written(self.spec) and not (self.text.main_files and self._is_bare)

    @property
    def _is_bare(self) -> bool:
        """A file stands for the text."""
        return all(leaf.is_empty for leaf in walk.walk(self.text.document))

    @property
    def has_newer_draft(self) -> bool:
        """Somebody who may edit reads the published text while the working copy has moved on."""
        version = self.resource.published_version
        if version is None or self.text.version != version or not self.buttons["edit"].allowed:
            return False
        return self.resource.working_copy.updated_at > version.cut_at and (
            self.resource.working_copy.document != version.document or self.resource.working_copy.title != version.title
        )

    @property
    def unit_url(self) -> str:
        return self.node.parent.get_absolute_url() if self.node and self.node.parent else ""

    @property
    def unit_title(self) -> str:
        return self.node.parent.title if self.node and self.node.parent else ""

    @property
    def lead(self) -> Contribution | None:
        return self.contributions[0] if self.contributions else None


def _count(rows: QuerySet[Any]) -> Coalesce:
    """A correlated count as a column."""
    counted = rows.order_by().values("resource").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def page_queryset(viewer: Viewer) -> QuerySet[Resource]:
    """The resource with its texts and everything about it that is one value."""
    visible = Resource.objects.filter(pk=OuterRef("derived_from__source")).visible_to(viewer)
    adapted = Derivation.objects.filter(source=OuterRef("pk"), resource__state="published")
    adapted = adapted.filter(resource__in=Resource.objects.filter(state="published", primary=False).visible_to(viewer))
    uses = {
        f"n_{what}": _count(UsageEvent.objects.filter(resource=OuterRef("pk"), what=what))
        for what in ("view", "download", "fork", "taught")
    }
    own = Derivation.objects.filter(source=OuterRef("pk"), resource__owner=viewer.person_id)
    files = VersionFile.objects.filter(version=OuterRef("published_version")).order_by()
    return Resource.objects.select_related(
        "published_version",
        "owner",
        "home_school",
        "studio",
        "working_copy",
        "derived_from__source",
        "derived_from__source_version",
    ).annotate(
        **uses,
        n_adaptations=Coalesce(
            Subquery(
                adapted.order_by().values("source").annotate(n=Count("pk")).values("n"), output_field=IntegerField()
            ),
            0,
        ),
        is_favourite=Exists(Favourite.objects.filter(resource=OuterRef("pk"), person=viewer.person_id)),
        own_fork=Subquery(own.exclude(resource__state="binned").values("resource__uid")[:1]),
        source_visible=Exists(visible),
        n_versions=_count(Version.objects.filter(resource=OuterRef("pk"))),
        is_public_now=Exists(Grant.objects.valid_at(viewer.at).filter(resource=OuterRef("pk"), is_public=True)),
        n_files=Coalesce(
            Subquery(files.values("version").annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0
        ),
        **panels.annotations(viewer),
    )


def resource_page(resource: Resource, viewer: Viewer, number: int | None = None) -> ResourcePage:
    """Read one resource, or one of its versions.

    Args:
        resource: comes from `page_queryset`.
        number: a version's number; None for what is current for this viewer.

    Raises:
        Refused: the rule says no.
        Version.DoesNotExist: there is no such version, or none for this viewer, who reads the resource otherwise.
    """
    held = _require_reading(resource, viewer, number)
    if number is None and _is_kept_back(resource, held, viewer):
        number = work.current(resource.work, resource.pk)
    spec = kinds.spec_of(resource.kind)
    versions = _versions(resource, held, viewer)
    text = _text(resource, spec, number)
    nodes = _nodes(resource)
    package, parts = _package(resource, [node.pk for node in nodes], viewer)
    around = _around(resource, parts, viewer)
    return ResourcePage(
        resource=resource,
        spec=spec,
        text=text,
        buttons=buttons(resource, held, viewer),
        held=held,
        contributions=tuple(resource.contributions.select_related("person", "school_then")),
        node=nodes[0] if nodes else None,
        places=tuple((f"{node_place(node)} {node.title}", node.get_absolute_url()) for node in nodes),
        versions=versions,
        source=_source(resource),
        source_label=resource.derived_from.source_version.label if hasattr(resource, "derived_from") else "",
        adaptations=around.adaptations,
        package=package,
        siblings=around.siblings,
        scope=_scope(resource, held, viewer),
        contents=contents(spec, text.document),
        counts={what: getattr(resource, f"n_{what}") for what in ("view", "download", "fork", "taught")},
        panels=panels.load(resource, held, viewer),
    )


def _is_kept_back(resource: Resource, held: frozenset[Relation], viewer: Viewer) -> bool:
    """It is in work, and the viewer is neither its writer nor the reviewer of what waits."""
    if not resource.work or resource.published_version_id is not None:
        return False
    if resource.state == State.IN_REVIEW and held & work.READ_WHAT_WAITS:
        return False
    return not access.verdict_of(held, viewer, Action.SEE_DRAFTS, resource)


def _require_reading(resource: Resource, viewer: Viewer, number: int | None) -> frozenset[Relation]:
    """The viewer's relations to the resource, once it or the wanted version may be read."""
    held = access.relations_of(viewer, resource)
    verdict = access.verdict_of(held, viewer, Action.READ, resource)
    opened = verdict if number is None else access.may(viewer, Action.READ, resource.versions.get(number=number))
    if not opened and verdict:
        raise Version.DoesNotExist
    if not opened:
        raise access.Refused(verdict)
    return held


NODE_RELATED = (
    "node__parent",
    "node__outline__textbook__subject",
    "node__outline__textbook__edition",
)


def _nodes(resource: Resource) -> list[Node]:
    """Where it hangs, the main place first."""
    placements = Placement.objects.filter(resource=resource).select_related(*NODE_RELATED).order_by("-is_main", "pk")
    nodes = [placement.node for placement in placements]
    for node in nodes:
        if node.parent:
            node.parent.outline = node.outline
    return nodes


def _scope(resource: Resource, held: frozenset[Relation], viewer: Viewer) -> str:
    """Who else may read it: in words for those who work on it; for readers only whether it is public."""
    if held & AUTHORS:
        return scope_of(resource.grants.select_related("organisation"), viewer.at)
    return "" if getattr(resource, "is_public_now", True) else "限定范围内可见"


def _versions(resource: Resource, held: frozenset[Relation], viewer: Viewer) -> tuple[Version, ...]:
    """The rail: those versions that the viewer may read."""
    if not access.verdict_of(held, viewer, Action.SEE_VERSIONS, resource):
        return ()
    only = resource.published_version
    if only is not None and getattr(resource, "n_versions", 0) == 1:
        return (only,)
    found = Version.objects.filter(resource=resource).defer("document").order_by("-number")
    return tuple(access.narrow(found, viewer, Action.READ))


def _text(resource: Resource, spec: kinds.KindSpec, number: int | None) -> Text:
    version = resource.published_version
    if number is not None:
        version = resource.versions.get(number=number)
    elif resource.state == State.IN_REVIEW:
        version = Version.objects.filter(
            submissions__resource=resource, submissions__status=Submission.Status.OPEN
        ).first()
    if version is None:
        copy = resource.working_copy
        held = copy.attachments.select_related("file__blob__twin", "file__pdf_twin")
        return Text(copy.title, "草稿", schema.load(spec.document, copy.document), None, tuple(held), copy.updated_at)
    is_bare = version == resource.published_version and not getattr(resource, "n_files", 1)
    files = () if is_bare else version.attachments.select_related("file__blob__twin", "file__pdf_twin")
    document = schema.load(spec.document, version.document)
    return Text(version.title, version.label, document, version, tuple(files), version.published_at or version.cut_at)


ACTIONS = {
    "fork": Action.FORK,
    "download": Action.DOWNLOAD,
    "favourite": Action.FAVOURITE,
    "edit": Action.EDIT,
    "submit": Action.SUBMIT,
    "withdraw": Action.WITHDRAW,
    "withdraw_submission": Action.WITHDRAW_SUBMISSION,
    "archive": Action.ARCHIVE,
    "take_down": Action.TAKE_DOWN,
    "restore": Action.RESTORE,
    "delete": Action.DELETE,
    "narrow_grant": Action.NARROW_GRANT,
    "review": Action.REVIEW,
    "invite": Action.INVITE_EDITOR,
    "see_use": Action.SEE_USE,
}


def buttons(resource: Resource, held: frozenset[Relation], viewer: Viewer) -> dict[str, Button]:
    """Every action's verdict, from relations asked once."""
    verdicts = {name: access.verdict_of(held, viewer, action, resource) for name, action in ACTIONS.items()}
    found = {
        name: Button(bool(verdict), "" if verdict else why_not(verdict, resource)) for name, verdict in verdicts.items()
    }
    forbidden = _forbidden(resource, held, viewer) if found["fork"].allowed else ""
    return {**found, "fork": Button(False, forbidden)} if forbidden else found


def _forbidden(resource: Resource, held: frozenset[Relation], viewer: Viewer) -> str:
    """Why the licence refuses an own version of what the rule would give; empty when it does not."""
    if resource.licence not in RESTRICTIVE:
        return ""
    same_school = resource.home_school_id in viewer.schools
    is_author = bool(held & {Relation.OWNER, Relation.OWNER_LEFT, Relation.CO_AUTHOR})
    return why_no_derivation(resource.licence, is_author=is_author, same_school=same_school, owner=resource.owner.name)


def why_not(verdict: Verdict, resource: Resource) -> str:
    """The rule's reason and whom to ask, for somebody who may read the thing."""
    if verdict.reason == "请先登录":
        return "登录后可以用"
    school = f"（{resource.home_school.display_name}）" if resource.home_school else ""
    return f"这份资料只开放查看。想用请找{resource.owner.name}老师{school}"


def _source(resource: Resource) -> Resource | None:
    """Where it came from, if the viewer may list that."""
    visible = hasattr(resource, "derived_from") and getattr(resource, "source_visible", False)
    return resource.derived_from.source if visible else None


def _package(resource: Resource, nodes: Iterable[int], viewer: Viewer) -> tuple[Resource | None, list[str]]:
    """同一课时包: the newest package at one of its nodes that holds it, and the uids of the other parts."""
    if resource.kind == "package":
        return None, []
    at_nodes = Package.objects.filter(node__in=list(nodes), state="published").visible_to(viewer)
    for package in at_nodes.select_related("published_version").order_by("-published_at"):
        uids = [part.resource for part in parts_of(package.published_version)]
        if resource.uid in uids:
            return package, [uid for uid in uids if uid != resource.uid]
    return None, []


@dataclass(frozen=True, slots=True)
class Around:
    """Resources beside this one: the newest adaptations, and the other parts of its package in their order."""

    adaptations: tuple[Resource, ...] = ()
    siblings: tuple[Resource, ...] = ()


def _around(resource: Resource, parts: Sequence[str], viewer: Viewer) -> Around:
    """Adaptations and package parts in one query, the parts first, so that the limit cuts adaptations alone."""
    if not parts and not getattr(resource, "n_adaptations", 0):
        return Around()
    adapted = Q(state="published", primary=False, derived_from__source=resource)
    is_part = Case(When(uid__in=parts, then=Value(0)), default=Value(1)) if parts else Value(1)
    found = (
        Resource.objects.filter(adapted | Q(uid__in=parts)).visible_to(viewer).select_related("owner", "home_school")
    )
    rows = list(found.annotate(rank=is_part).order_by("rank", "-published_at")[: len(parts) + SHOWN_ADAPTATIONS])
    by_uid = {row.uid: row for row in rows}
    return Around(
        adaptations=tuple(row for row in rows if row.uid not in parts)[:SHOWN_ADAPTATIONS],
        siblings=tuple(by_uid[uid] for uid in parts if uid in by_uid),
    )


UNPRINTED = frozenset({"pages", "chapters", "parts"})
"""Rows that a reader template shows in its own way, beside the player or as the grid of parts."""


def contents(spec: kinds.KindSpec, document: Document) -> tuple[tuple[str, str], ...]:
    """Anchors and labels of what the page holds, in the order in which it is read."""
    if spec.contents is not None:
        return tuple(spec.contents(document))
    labels = {name: field.label for name, field in specs(spec.document)}
    filled = dict.fromkeys(leaf.path[0] for leaf in walk.walk(document) if not leaf.is_empty)
    own = ("s-files", f"{spec.label}文件") if spec.families else ("s-parts", "组成")
    return (own, *((f"s-{name}", labels[name]) for name in filled if name not in UNPRINTED))


def record_view(page: ResourcePage, viewer: Viewer) -> None:
    """Append one 浏览; an owner's own looking is not use."""
    if page.is_owner or page.text.version is None:
        return
    UsageEvent.objects.create(
        what="view",
        resource=page.resource,
        version=page.text.version,
        person=viewer.person,
        school_then_id=min(viewer.schools, default=None),
        at=viewer.at,
    )
