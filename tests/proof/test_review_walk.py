"""A long random walk of editing, swapping files, submitting, delegating, returning and publishing.

After every step the walk asks by itself, apart from the code: is what readers see covered by review records of exactly
its bytes, and did anybody review their own thing?
"""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from groups.access import Refused
from groups.models import Nature, Organisation, Person, Role
from library.documents.files import FilesDocument
from library.resources import services
from library.resources.models import Contribution, Kind, Resource, ReviewStep, Submission, Version
from library.resources.services.records import unrecorded
from library.resources.services.reviewing import NotReady, current_step
from media.models import File
from media.services import store_bytes
from tests.factories import people, town

pytestmark = [pytest.mark.proof, pytest.mark.django_db]

STEPS = 20_000
WALK = 250
"""Steps in one small world; then a new one, so that the rows stay few."""

REVIEWED_KINDS = {"school", "campus", "group", "project", "studio", "centre", "county", "city"}


class Walk:
    """Three authors who are reviewers too, six things, and everybody who reviews in the town."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.town = town.build()
        self.now = self.town.now
        self.done: Counter[str] = Counter()
        people.post(self.town.person("teacher"), self.town.member, Role.REVIEWER)
        people.post(self.town.person("colleague"), self.town.group, Role.REVIEWER, Nature.SEAT)
        for name in ("teacher", "host"):
            people.post(self.town.person(name), self.town.studio, Role.MEMBER, Nature.SEAT)
        people.post(self.town.person("host"), self.town.member, Role.TEACHER)
        self.authors = [self.town.person(name) for name in ("teacher", "colleague", "host")]
        self.everybody = list(self.town.people.values())
        self.files = [self._file(number) for number in range(6)]
        self.resources = [self._begin(number) for number in range(6)]

    def _file(self, number: int) -> File:
        return store_bytes(content=f"第 {number} 份".encode(), name=f"{number}.txt", by=self.authors[0])

    def _begin(self, number: int) -> Resource:
        owner = self.authors[number % len(self.authors)]
        made = services.create(
            kind=Kind.MATERIAL,
            owner=owner,
            school=self.town.member,
            draft=services.Draft(f"资料{number}", FilesDocument(), ((self.files[0], "main"),)),
            at=self.now,
        )
        return Resource.objects.get(pk=made.pk)

    def step(self) -> Resource:
        """One random deed, done or refused; answers what it was done to."""
        deeds: list[Callable[[Resource, Person], None]] = [
            self.edit,
            self.edit,
            self.swap_file,
            self.swap_file,
            self.submit,
            self.submit,
            self.submit,
            *[self.approve] * 6,
            self.send_back,
            self.delegate,
            self.withdraw,
            self.sign,
        ]
        self.now += timedelta(minutes=self.dice.randint(1, 600))
        deed, resource = self.dice.choice(deeds), self.dice.choice(self.resources)
        resource = Resource.objects.get(pk=resource.pk)
        by = resource.owner if self.dice.random() < 0.6 else self.dice.choice(self.everybody)
        try:
            with transaction.atomic():
                deed(resource, by)
            self.done[deed.__name__] += 1
        except (Refused, NotReady, services.Conflict):
            self.done[f"{deed.__name__} refused"] += 1
        return resource

    def _save(self, resource: Resource, by: Person, title: str, files: tuple[tuple[File, str], ...]) -> None:
        draft = services.Draft(title, FilesDocument(), files)
        lock = resource.working_copy.lock_version
        services.save(resource=resource, by=by, draft=draft, lock_version=lock, at=self.now)

    def edit(self, resource: Resource, by: Person) -> None:
        held = tuple((a.file, a.purpose) for a in resource.working_copy.attachments.select_related("file"))
        self._save(resource, by, f"资料 {self.dice.randrange(9)}", held)

    def swap_file(self, resource: Resource, by: Person) -> None:
        self._save(resource, by, resource.working_copy.title, ((self.dice.choice(self.files), "main"),))

    def submit(self, resource: Resource, by: Person) -> None:
        here = self.town
        bodies: list[Organisation | None] = [
            here.member,
            here.group,
            here.prep_group,
            here.studio,
            here.county,
            here.city,
            None,
        ]
        chosen = self.dice.sample(bodies, self.dice.choice([1, 1, 1, 2]))
        audiences = [services.Audience(organisation=body) for body in chosen]
        services.submit(resource=resource, by=by, audiences=audiences, at=self.now)

    def _waiting(self, resource: Resource) -> Submission:
        found = resource.submissions.filter(status=Submission.Status.OPEN).first()
        if found is None:
            raise NotReady("没有在审的")
        return found

    def _reviewer(self, submission: Submission) -> Person:
        """Mostly somebody who could be the one, authors among them; sometimes anybody."""
        step = current_step(submission)
        if step is None or self.dice.random() < 0.2:
            return self.dice.choice(self.everybody)
        body = step.delegated_to_id or step.organisation_id
        seats = Person.objects.filter(appointments__organisation=body).distinct().order_by("pk")
        return self.dice.choice(list(seats) or self.everybody)

    def approve(self, resource: Resource, by: Person) -> None:
        submission = self._waiting(resource)
        services.approve(submission=submission, by=self._reviewer(submission), at=self.now)

    def send_back(self, resource: Resource, by: Person) -> None:
        submission = self._waiting(resource)
        services.return_for_changes(
            submission=submission, by=self._reviewer(submission), at=self.now, reasons=["和已有的资源重复"], opinion=""
        )

    def delegate(self, resource: Resource, by: Person) -> None:
        step = self._waiting(resource).steps.filter(decision="").order_by("-order").first()
        if step is None:
            raise NotReady("没有等着的一步")
        services.delegate(step=step, by=self.town.person("city_officer"), to=self.town.group, at=self.now)

    def withdraw(self, resource: Resource, by: Person) -> None:
        waits = resource.submissions.filter(status=Submission.Status.OPEN).exists()
        service = services.withdraw_submission if waits else services.withdraw
        service(resource=resource, by=by, at=self.now)

    def sign(self, resource: Resource, by: Person) -> None:
        services.add_author(
            resource=resource,
            by=by,
            person=self.dice.choice(self.everybody),
            part=Contribution.Part.MEMBER,
            school=self.town.member,
            order=9,
            at=self.now,
        )


def bytes_of(version: Version) -> str:
    """The hash of what a reader gets, reckoned here and nowhere else."""
    files = [[a.file.blob.sha256, a.purpose] for a in version.attachments.order_by("order", "id")]
    whole = [version.title, version.document, files]
    return hashlib.sha256(
        json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def without_record(resource: Resource, at: datetime) -> str:
    """What is wrong with a published resource's record, by the walk's own reading of the promise."""
    version = resource.published_version
    assert version is not None
    real = bytes_of(version)
    records = list(resource.submissions.filter(version=version, status="approved").prefetch_related("steps"))
    for grant in resource.grants.valid_at(at).select_related("organisation"):
        covering = [s for s in records if _covers(s, grant.organisation_id, grant.is_public)]
        if not covering:
            return f"nobody reviewed v{version.number} for {grant}"
        asks = grant.is_public or (grant.organisation and grant.organisation.kind in REVIEWED_KINDS)
        if asks and not any(_whole(s, real) for s in covering):
            return f"no whole record of these bytes for {grant}"
    return ""


def _covers(submission: Submission, organisation: int | None, is_public: bool) -> bool:
    return submission.audiences.filter(organisation=organisation, is_public=is_public).exists()


def _whole(submission: Submission, real: str) -> bool:
    steps = list(submission.steps.all())
    return bool(steps) and all(step.decision == "approved" and step.sha256 == real for step in steps)


def self_reviews() -> int:
    """Decisions by somebody who owns or submitted the thing, or had signed it when deciding."""
    decided = ReviewStep.objects.exclude(decision="").select_related("submission__resource", "decided_by")
    return sum(
        step.decided_by_id in {step.submission.resource.owner_id, step.submission.submitted_by_id} for step in decided
    )


def test_no_published_byte_lacks_its_review_record_on_a_random_walk(scale: float) -> None:
    steps, walked, seed = max(WALK, round(STEPS * scale)), 0, 0
    done: Counter[str] = Counter()
    while walked < steps:
        with transaction.atomic():
            walk = Walk(seed)
            for _ in range(min(WALK, steps - walked)):
                _look(walk.step(), walk.now)
                walked += 1
            assert self_reviews() == 0
            assert list(unrecorded()) == []
            done += walk.done
            transaction.set_rollback(True)
        seed += 1
    print(f"\nreview walk: {walked} steps, {dict(done)}")
    print("review walk: 0 published hashes without their record, 0 self-reviews")
    assert done["approve"] > walked / 50


def _look(touched: Resource, now: datetime) -> None:
    """After one step: what was touched has its record if readers see it, and its newest decision is no author's."""
    resource = Resource.objects.select_related("published_version").get(pk=touched.pk)
    if resource.state == "published":
        wrong = without_record(resource, now)
        assert not wrong, (resource.title, wrong)
    newest = ReviewStep.objects.filter(submission__resource=resource, decided_at=now).first()
    if newest is not None:
        signed = resource.contributions.values_list("person_id", flat=True)
        assert newest.decided_by_id not in {resource.owner_id, *signed}
