"""The facts as rows of the database."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from groups.models import Organisation, Person
from groups.viewer import Viewer, viewer_for
from library.documents import schema
from library.documents.files import FilesDocument
from library.resources import models as library
from library.resources.models import Kind, Material, Resource
from media import services as media_services
from media.models import File
from tests.access.facts import DISABLED, KINDS, LINKS, PEOPLE, POSTS, PUBLIC, SIGNED_OUT, Submission, Thing
from tests.access.things import THINGS
from tests.factories import people as make


@dataclass
class World:
    """Name → row, for everything that the facts name."""

    now: datetime
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    versions: dict[tuple[str, int], library.Version] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    viewers: dict[str, Viewer] = field(default_factory=dict)

    def moment(self, day: int) -> datetime:
        return self.now + timedelta(days=day)

    def end(self, day: int | None) -> datetime | None:
        return None if day is None else self.moment(day)

    def audience(self, to: str) -> dict[str, object]:
        if to == PUBLIC:
            return {"is_public": True}
        return {"organisation": self.organisations[to]} if to in KINDS else {"person": self.people[to]}


def build() -> World:
    world = World(now=timezone.now())
    for name, kind in KINDS.items():
        closed = world.now if name.endswith("closed") else None
        world.organisations[name] = make.organisation(kind, name, slug=name.lower(), closed_at=closed)
    for name in PEOPLE:
        world.people[name] = make.person(name, is_active=name not in DISABLED)
    for link in LINKS:
        member, parent = world.organisations[link.member], world.organisations[link.parent]
        make.link(member, parent, link.role, world.moment(link.start), world.end(link.end))
    for post in POSTS:
        holder, organisation = world.people[post.person], world.organisations[post.organisation]
        make.post(holder, organisation, post.role, post.nature, world.moment(post.start), world.end(post.end))
    world.viewers = {name: viewer_for(person, world.now) for name, person in world.people.items()}
    world.viewers[SIGNED_OUT] = viewer_for(None, world.now)
    for thing in THINGS:
        _build_thing(world, thing)
    return world


def _build_thing(world: World, thing: Thing) -> None:
    owner = world.people[thing.owner]
    home = world.organisations[thing.home] if thing.home else None
    resource = Material.objects.create(
        kind=Kind.MATERIAL,
        owner=owner,
        home_school=home,
        title=thing.name,
        state="draft",
        primary=thing.primary,
        taken_down_as=thing.taken_as,
        state_changed_at=world.moment(thing.changed),
    )
    file = media_services.store_bytes(content=f"正文 {thing.name}".encode(), name=f"{thing.name}.txt", by=owner)
    document = schema.dump(FilesDocument())
    copy = library.WorkingCopy.objects.create(resource=resource, title=thing.name, document=document, updated_by=owner)
    library.WorkingFile.objects.create(working_copy=copy, file=file)
    for order, name in enumerate(dict.fromkeys((thing.owner, *thing.authors))):
        library.Contribution.objects.create(resource=resource, person=world.people[name], school_then=home, order=order)
    for name, end in thing.editors:
        library.DraftInvitation.objects.create(
            resource=resource,
            person=world.people[name],
            invited_by=owner,
            invited_at=world.moment(-50),
            ended_at=world.end(end),
        )
    _build_versions(world, thing, resource, file, document)
    for submission in thing.submissions:
        _build_submission(world, thing, resource, submission)
    for grant in thing.grants:
        library.Grant.objects.create(
            resource=resource,
            level=grant.level,
            starts_at=world.moment(grant.start),
            ends_at=world.end(grant.end),
            **world.audience(grant.to),
        )
    current = world.versions.get((thing.name, thing.current))
    published_at = world.moment(-100) if current else None
    Resource.objects.filter(pk=resource.pk).update(
        state=thing.state, published_version=current, published_at=published_at
    )
    world.resources[thing.name] = Resource.objects.get(pk=resource.pk)
    world.files[thing.name] = file
    for version in thing.versions:
        world.versions[(thing.name, version.number)].refresh_from_db()


def _build_versions(world: World, thing: Thing, resource: Resource, file: File, document: object) -> None:
    for version in thing.versions:
        row = library.Version.objects.create(
            resource=resource,
            number=version.number,
            title=thing.name,
            document=document,
            sha256=f"{version.number:064d}",
            label=f"第{version.number}版",
            cut_by=resource.owner,
            cut_at=world.moment(-100),
            published_at=world.moment(-100) if version.published else None,
        )
        library.VersionFile.objects.create(version=row, file=file)
        world.versions[(thing.name, version.number)] = row
    for receipt in thing.receipts:
        holder = (
            {"school": world.organisations[receipt.holder]}
            if receipt.holder in KINDS
            else {"person": world.people[receipt.holder]}
        )
        library.Receipt.objects.create(
            version=world.versions[(thing.name, receipt.version)], received_at=world.moment(-50), **holder
        )


def _build_submission(world: World, thing: Thing, resource: Resource, submission: Submission) -> None:
    row = library.Submission.objects.create(
        resource=resource,
        version=world.versions[(thing.name, submission.version)],
        status=submission.status,
        submitted_by=resource.owner,
        submitted_at=world.moment(-100),
    )
    for to in submission.to:
        library.SubmissionAudience.objects.create(submission=row, **world.audience(to))
    for order, (level, organisation, delegated) in enumerate(submission.steps, 1):
        library.ReviewStep.objects.create(
            submission=row,
            order=order,
            level=level,
            organisation=world.organisations[organisation],
            delegated_to=world.organisations[delegated] if delegated else None,
        )
