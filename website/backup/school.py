"""带走我校数据: everything a school contributed as one zip that reads without the product.

目录.html                       what is inside, by subject, with links
目录.csv                        the same as a table
署名.csv                        who made what, with the part and the school of that day
学校.json                       the school, its groups with dates, its textbooks
数学/教学设计_梯形的面积_<uid>/  说明.html, 资源.json, and a folder for each published version with its text and files
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from django.db.models import Count, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from groups.models import Adoption, Organisation, OrganisationLink, State
from groups.viewer import viewer_for
from library.documents import rich, schema, walk
from library.documents.fields import Holds
from library.resources import kinds
from library.resources.models import Contribution, Resource, Version
from library.resources.services.packages import safe_name, write_version

CONTENTS = "目录.html"
KEPT = (State.PUBLISHED, State.ARCHIVED, State.TAKEN_DOWN)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Exported:
    """One resource in the zip: its folder, and what the table of contents prints."""

    resource: Resource
    folder: str
    subject: str
    versions: int


def contributed(school: Organisation) -> QuerySet[Resource]:
    """What was published from this school, also when archived or taken down since; drafts are their owners'."""
    found = Resource.objects.filter(home_school=school, state__in=KEPT, published_version__isnull=False)
    return found.select_related("owner", "studio", "published_version").prefetch_related("subjects").order_by("pk")


def write(school: Organisation, target: IO[bytes] | Path, at: datetime) -> int:
    """Write the zip and return the number of resources in it.

    Raises:
        FileNotFoundError: the storage has lost a file; the message is its key.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        found = [_resource(archive, resource) for resource in contributed(school).iterator(chunk_size=100)]
        context = {"school": school, "at": at, "by_subject": _by_subject(found), "count": len(found)}
        archive.writestr(CONTENTS, render_to_string("website/school_export/index.html", context))
        archive.writestr("目录.csv", _table(TITLES, (_line(item) for item in found)))
        archive.writestr("署名.csv", _table(CREDITS, _credits(school)))
        archive.writestr("学校.json", _json(_school(school, at)))
    return len(found)


def _resource(archive: zipfile.ZipFile, resource: Resource) -> Exported:
    subject = next((s.name for s in resource.subjects.all()), "不分学科")
    title = safe_name(f"{resource.get_kind_display()}_{resource.title}")[:60]
    folder = f"{safe_name(subject)}/{title}_{resource.uid}"
    versions = list(resource.versions.filter(published_at__isnull=False).order_by("number"))
    context = {
        "contents": quote(f"../../{CONTENTS}"),
        "resource": resource,
        "versions": [(version, _version(archive, version, folder)) for version in versions],
        "credits": resource.contributions.select_related("person", "school_then"),
        "steps": _steps(resource),
    }
    archive.writestr(f"{folder}/说明.html", render_to_string("website/school_export/resource.html", context))
    archive.writestr(f"{folder}/资源.json", _json(_record(resource, versions)))
    return Exported(resource, folder, subject, len(versions))


def _steps(resource: Resource) -> list[Any]:
    submissions = resource.submissions.order_by("submitted_at").prefetch_related("steps__decided_by")
    return [step for submission in submissions for step in submission.steps.all() if step.decided_by_id]


def _version(archive: zipfile.ZipFile, version: Version, resource_folder: str) -> list[str]:
    """Its files and composed text as a download has them, and its words as a page where nothing is composed.

    Returns the names of what was written, as they stand below the resource's folder.
    """
    folder = f"{resource_folder}/{safe_name(version.label)}"
    author = viewer_for(version.resource.owner, version.cut_at)
    written = list(write_version(archive, version, folder, author))
    document = schema.load(kinds.spec_of(version.resource.kind).document, version.document)
    passages = [(place, _html(leaves)) for place, leaves in _places(document)]
    if passages and not any(name.endswith(".html") for name in written):
        context = {"version": version, "passages": passages}
        archive.writestr(f"{folder}/正文.html", render_to_string("website/school_export/text.html", context))
        written.append(f"{folder}/正文.html")
    return [name.removeprefix(f"{resource_folder}/") for name in written]


def _places(document: Any) -> Iterator[tuple[str, list[walk.Leaf]]]:
    found: dict[str, list[walk.Leaf]] = {}
    for leaf in walk.walk(document):
        if leaf.text.strip():
            found.setdefault(leaf.place, []).append(leaf)
    yield from found.items()


def _html(leaves: Iterable[walk.Leaf]) -> list[tuple[str, str]]:
    """(label, words or cleaned markup) of each leaf of one place."""
    return [(leaf.spec.label, _words(leaf)) for leaf in leaves]


def _words(leaf: walk.Leaf) -> str | SafeString:
    return mark_safe(rich.to_html(leaf.value)) if leaf.spec.holds is Holds.RICH else leaf.text


TITLES = ("编号", "类型", "标题", "学科", "年级", "作者", "许可", "状态", "发布日期", "版本数", "位置")
CREDITS = ("编号", "标题", "作者", "角色", "时任单位")


def _line(item: Exported) -> tuple[Any, ...]:
    r = item.resource
    grades = (
        ""
        if r.grade_from is None
        else f"{r.grade_from}"
        if r.grade_from == r.grade_to
        else f"{r.grade_from}–{r.grade_to}"
    )
    day = localtime(r.published_at).date().isoformat() if r.published_at else ""
    return (
        r.uid, r.get_kind_display(), r.title, item.subject, grades, r.owner.name,
        r.get_licence_display(), r.get_state_display(), day, item.versions, item.folder,
    )  # fmt: skip


def _credits(school: Organisation) -> Iterator[tuple[Any, ...]]:
    """Also for what teachers of this school made together with others, wherever that is at home."""
    found = Contribution.objects.filter(school_then=school, resource__state__in=KEPT)
    for credit in found.select_related("resource", "person").order_by("resource_id", "order").iterator():
        yield credit.resource.uid, credit.resource.title, credit.person.name, credit.get_part_display(), school.name


def _table(head: tuple[str, ...], lines: Iterable[tuple[Any, ...]]) -> bytes:
    """CSV that a spreadsheet opens as Chinese and reads as text, never as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for line in lines:
        writer.writerow([f"'{cell}" if str(cell).startswith(FORMULA_STARTS) else cell for cell in line])
    return out.getvalue().encode("utf-8-sig")


def _record(resource: Resource, versions: Iterable[Version]) -> dict[str, Any]:
    return {
        "uid": resource.uid,
        "kind": resource.kind,
        "title": resource.title,
        "summary": resource.summary,
        "keywords": resource.keywords,
        "licence": resource.licence,
        "source_type": resource.source_type,
        "state": resource.state,
        "nodes": [p.node.uid for p in resource.placements.select_related("node")],
        "use": dict(resource.usage.values_list("what").annotate(Count("pk")).order_by("what")),
        "versions": [
            {"number": v.number, "label": v.label, "sha256": v.sha256, "cut_at": v.cut_at, "document": v.document}
            for v in versions
        ],
    }


def _school(school: Organisation, at: datetime) -> dict[str, Any]:
    links = OrganisationLink.objects.filter(member=school).select_related("parent").order_by("starts_at")
    adopted = Adoption.objects.filter(school=school).select_related("textbook")
    return {
        "name": school.name,
        "exported_at": at,
        "belongs": [
            {"to": link.parent.name, "role": link.role, "from": link.starts_at, "until": link.ends_at} for link in links
        ],
        "textbooks": sorted({row.textbook.title for row in adopted}),
    }


def _by_subject(found: Iterable[Exported]) -> list[tuple[str, list[Exported]]]:
    grouped: dict[str, list[Exported]] = {}
    for item in found:
        grouped.setdefault(item.subject, []).append(item)
    return sorted(grouped.items())


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=lambda moment: localtime(moment).isoformat())
