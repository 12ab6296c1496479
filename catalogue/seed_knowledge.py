"""Knowledge points (知识点) and a first set of standards (课标条目) of the seed, with what hangs on what.

An outline names the points of a unit; a lesson of the unit gets those it is about. In 语文 and 英语 every lesson of a
unit serves all of its points; elsewhere a lesson shares a word with the point it teaches.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from catalogue.models import (
    Knowledge,
    KnowledgeAlias,
    KnowledgeStandard,
    Node,
    NodeKnowledge,
    Standard,
)
from catalogue.outlines import SeedNode
from catalogue.seed_vocabulary import ShelfNames, domains, read_yaml

Entry = tuple[SeedNode, Node]
Taught = tuple[str, SeedNode, Node, list[Entry]]
Points = dict[tuple[str, str], Knowledge]

WHOLE_UNIT_SUBJECTS = frozenset({"语文", "英语"})
TEACHING_KINDS = frozenset({"lesson", "section", "writing"})


def about(title: str, point: str) -> bool:
    """Whether a lesson of this title teaches the point: they share two neighbouring characters."""
    return any(point[at : at + 2] in title for at in range(len(point) - 1))


def seed_knowledge(names: ShelfNames, taught: Sequence[Taught], counts: Counter[str]) -> Points:
    """Write points and their links to units and lessons; return every point by (subject, name)."""
    points = _points(names, taught, counts)
    _link(points, taught, counts)
    extra = read_yaml("knowledge")
    _aliases(points, extra["aliases"])
    for subject, rows in extra["prerequisites"].items():
        for name, before in rows.items():
            if (subject, name) in points:
                known = [points[subject, b] for b in before if (subject, b) in points]
                points[subject, name].prerequisites.add(*known)
    return points


def _points(names: ShelfNames, taught: Iterable[Taught], counts: Counter[str]) -> Points:
    points = {(k.subject.name, k.name): k for k in Knowledge.objects.filter(parent=None).select_related("subject")}
    new: Points = {}
    for subject, unit, _, _ in taught:
        for k in unit.knowledge:
            key = (subject, k.name)
            if key not in points and key not in new:
                new[key] = Knowledge(subject=names.subjects[subject], name=k.name, description=k.description)
            elif k.description and key in new and not new[key].description:
                new[key].description = k.description
    Knowledge.objects.bulk_create(new.values())
    counts["知识点新建"] += len(new)
    return points | new


def _link(points: Points, taught: Iterable[Taught], counts: Counter[str]) -> None:
    wanted: dict[tuple[int, int], bool] = {}
    for subject, unit, row, entries in taught:
        for k in unit.knowledge:
            point = points[subject, k.name]
            wanted[row.pk, point.pk] = True
            for entry, entry_row in entries:
                if entry.kind in TEACHING_KINDS and (subject in WHOLE_UNIT_SUBJECTS or about(entry.title, k.name)):
                    wanted.setdefault((entry_row.pk, point.pk), subject not in WHOLE_UNIT_SUBJECTS)
    known = set(NodeKnowledge.objects.values_list("node_id", "knowledge_id"))
    links = [
        NodeKnowledge(node_id=node, knowledge_id=point, is_main=main)
        for (node, point), main in wanted.items()
        if (node, point) not in known
    ]
    NodeKnowledge.objects.bulk_create(links, batch_size=1000)
    counts["知识点关联新建"] += len(links)


def _aliases(points: Points, rows: dict[str, dict[str, list[str]]]) -> None:
    known = set(KnowledgeAlias.objects.values_list("knowledge_id", "name"))
    KnowledgeAlias.objects.bulk_create(
        KnowledgeAlias(knowledge=points[subject, name], name=alias)
        for subject, by_name in rows.items()
        for name, aliases in by_name.items()
        if (subject, name) in points
        for alias in aliases
        if (points[subject, name].pk, alias) not in known
    )


def seed_standards(names: ShelfNames, points: Points, counts: Counter[str]) -> None:
    """Write the seed's standards; a domain must be one that its subject names."""
    allowed = domains()
    for row in read_yaml("standards"):
        if row["domain"] not in allowed[row["subject"]]:
            raise ValueError(
                f"standards.yaml：{row['code']} 的学习领域“{row['domain']}”不在 subjects.yaml 里，请先补上。"
            )
        facts = {
            "subject": names.subjects[row["subject"]],
            "stage": row["stage"],
            "domain": row["domain"],
            "text": row["text"],
        }
        standard, created = Standard.objects.get_or_create(code=row["code"], defaults=facts)
        counts["课标条目新建"] += created
        wanted = [points[row["subject"], k] for k in row["knowledge"] if (row["subject"], k) in points]
        known = set(KnowledgeStandard.objects.filter(standard=standard).values_list("knowledge_id", flat=True))
        KnowledgeStandard.objects.bulk_create(
            KnowledgeStandard(standard=standard, knowledge=point) for point in wanted if point.pk not in known
        )
