"""What the remarks of a preparation come to: what is open, who has spoken, whose contributions were adopted."""

from dataclasses import dataclass

from django.db.models import Count

from groups.models import Person
from lessons.prep.models import Preparation, Remark, Reply

ADOPTED = (Remark.Disposition.ADOPTED, Remark.Disposition.PARTLY)


@dataclass(frozen=True, slots=True)
class Contribution:
    """How many of a person's remarks were adopted, wholly or in part."""

    person: Person
    adopted: int


def open_remarks(preparation: Preparation) -> int:
    """How many remarks the lead still has to dispose of."""
    return Remark.objects.filter(preparation=preparation, disposition="", deleted_at__isnull=True).count()


def spoken(preparation: Preparation) -> frozenset[int]:
    """Ids of the persons who wrote a remark or an answer that still stands, or gave their voice."""
    stands = {"deleted_at__isnull": True}
    remarks = Remark.objects.filter(preparation=preparation, **stands).values_list("author", flat=True)
    answers = Reply.objects.filter(remark__preparation=preparation, **stands).values_list("author", flat=True)
    voices = Remark.objects.filter(preparation=preparation, votes__isnull=False).values_list("votes__person", flat=True)
    return frozenset(remarks.order_by().union(answers.order_by(), voices.order_by()))


def contributions(preparation: Preparation) -> list[Contribution]:
    """Everybody but the lead of whom something was adopted, most first; deleting one's words later loses no credit."""
    rows = (
        Remark.objects.filter(preparation=preparation, disposition__in=ADOPTED)
        .exclude(author=preparation.lead)
        .order_by()
        .values("author")
        .annotate(n=Count("pk"))
        .values_list("author", "n")
    )
    counts = dict(rows)
    people = Person.objects.in_bulk(counts)
    order = sorted(counts, key=lambda pk: (-counts[pk], people[pk].name, pk))
    return [Contribution(people[pk], counts[pk]) for pk in order]
