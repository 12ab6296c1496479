"""Subjects, competencies and editions of the seed, read from YAML and written to the database.

`shelf_names` is shared with the import of platform lists, so that 人教版（PEP） there is our 人教PEP.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import yaml

from catalogue.models import Competency, Edition, EditionAlias, Subject
from catalogue.outlines import SEED_DIR


def read_yaml(name: str) -> Any:
    return yaml.safe_load((SEED_DIR / f"{name}.yaml").read_text(encoding="utf-8"))


@dataclass(slots=True)
class ShelfNames:
    """Subjects by name and editions by (subject, name), as the seed and the import look them up."""

    subjects: dict[str, Subject] = field(default_factory=dict)
    editions: dict[tuple[str, str], Edition] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "ShelfNames":
        names = cls({s.name: s for s in Subject.objects.all()})
        for edition in Edition.objects.select_related("subject"):
            names.editions[edition.subject.name, edition.name] = edition
        return names


def seed_vocabulary(counts: Counter[str]) -> ShelfNames:
    """Write subjects, competencies, editions and aliases; what an editor changed by hand in other fields stays."""
    names = ShelfNames.load()
    for order, row in enumerate(read_yaml("subjects"), 1):
        names.subjects[row["name"]] = _subject(row, order, counts)
    for row in read_yaml("editions"):
        edition = _edition(names.subjects[row["subject"]], row, counts)
        names.editions[row["subject"], row["name"]] = edition
    return names


def _subject(row: dict[str, Any], order: int, counts: Counter[str]) -> Subject:
    facts = {"name": row["name"], "block": row["block"], "colour": row["colour"], "order": order, "is_primary": True}
    subject, created = Subject.objects.update_or_create(code=row["code"], defaults=facts)
    counts["学科新建"] += created
    known = set(subject.competencies.values_list("name", flat=True))
    Competency.objects.bulk_create(
        Competency(subject=subject, name=name, order=at)
        for at, name in enumerate(row["competencies"])
        if name not in known
    )
    return subject


def _edition(subject: Subject, row: dict[str, Any], counts: Counter[str]) -> Edition:
    facts = {
        "publisher": row.get("publisher", ""),
        "chief_editor": row.get("chief_editor", ""),
        "start_grade": row.get("start_grade"),
        "is_active": True,
    }
    edition, created = Edition.objects.get_or_create(subject=subject, name=row["name"], defaults=facts)
    counts["版本新建"] += created
    known = set(edition.aliases.values_list("name", flat=True))
    EditionAlias.objects.bulk_create(
        EditionAlias(edition=edition, name=name) for name in row["aliases"] if name not in known
    )
    return edition


def domains() -> dict[str, list[str]]:
    """Learning domains (学习领域, 学习任务群) by subject name."""
    return {row["name"]: list(row["domains"]) for row in read_yaml("subjects")}


def platform_editions() -> dict[tuple[str, str], str]:
    """(subject, name on the national platform) → our name of the same edition."""
    return {
        (row["subject"], platform): row["name"] for row in read_yaml("editions") for platform in row.get("platform", [])
    }
