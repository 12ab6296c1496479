"""What the library tells the lower packages and its own registry at start-up."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from library.documents import worksheet
from library.documents.files import FilesDocument, MicroLessonDocument
from library.documents.package import PackageDocument
from library.resources import kinds, policies, search_documents, words, worksheets
from library.resources.models import Courseware, Kind, Material, MicroLesson, Package, Worksheet
from search import registry, vocabulary
from ui import navigation
from ui.wording import duration

SLIDES = frozenset({"slides", "pdf", "picture", "archive"})
SHEETS = frozenset({"word", "pdf", "picture", "sheet", "slides"})
ANYTHING = frozenset({"picture", "pdf", "audio", "video", "word", "slides", "sheet", "archive", "other"})
FILE_READER = "library/readers/files.html"
FILE_FORM = "library:edit"
SECTIONS_FORM = "library:sections"
"""The form of any typed document, a section a page."""


def no_facts(child: Any) -> tuple[str, ...]:
    return ()


def facts_of_courseware(child: Courseware) -> tuple[str, ...]:
    return (f"{child.pages} 页",) if child.pages else ()


def facts_of_micro_lesson(child: MicroLesson) -> tuple[str, ...]:
    length = (duration(child.duration),) if child.duration else ()
    return (*length, "有字幕") if child.has_subtitles else length


def columns_of_worksheet(document: worksheet.WorksheetDocument) -> Mapping[str, Any]:
    return {"tasks": len(document.tasks), "minutes": worksheet.planned_minutes(document) or None}


def facts_of_worksheet(child: Worksheet) -> tuple[str, ...]:
    tasks = (f"{child.tasks} 个任务",) if child.tasks else ()
    return (*tasks, f"约 {child.minutes} 分钟") if child.minutes else tasks


def facts_of_package(child: Package) -> tuple[str, ...]:
    return (f"第{child.period}课时",)


def register_kinds() -> None:
    """The kinds the library owns itself."""
    for kind, model, icon, families, place, facts in (
        (Kind.COURSEWARE, Courseware, "presentation", SLIDES, 2, facts_of_courseware),
        (Kind.MATERIAL, Material, "image", ANYTHING, None, no_facts),
    ):
        kinds.register(
            kinds.KindSpec(
                kind=kind,
                model=model,
                document=FilesDocument,
                icon=icon,
                reader=FILE_READER,
                edit_url=FILE_FORM,
                families=families,
                needs_files=True,
                in_package=place,
                facts=facts,
            )
        )
    kinds.register(
        kinds.KindSpec(
            kind=Kind.MICRO_LESSON,
            model=MicroLesson,
            document=MicroLessonDocument,
            icon="circle-play",
            reader="library/readers/micro_lesson.html",
            edit_url=FILE_FORM,
            families=frozenset({"video", "audio", "other"}),
            needs_files=True,
            in_package=3,
            facts=facts_of_micro_lesson,
        )
    )
    kinds.register(
        kinds.KindSpec(
            kind=Kind.WORKSHEET,
            model=Worksheet,
            document=worksheet.WorksheetDocument,
            icon="list-checks",
            reader="library/readers/worksheet.html",
            edit_url=SECTIONS_FORM,
            columns=columns_of_worksheet,
            families=SHEETS,
            in_package=4,
            facts=facts_of_worksheet,
            export=worksheets.export,
            off_paper=frozenset({"answers"}),
            contents=worksheets.contents,
            advice=worksheet.advice,
        )
    )
    kinds.register(
        kinds.KindSpec(
            kind=Kind.PACKAGE,
            model=Package,
            document=PackageDocument,
            icon="package",
            reader="library/readers/package.html",
            edit_url="library:edit_package",
            facts=facts_of_package,
        )
    )


def register() -> None:
    register_kinds()
    policies.register()
    registry.register(search_documents.SOURCE)
    registry.register_way_on(registry.WayOn("按教材目录找", lambda: reverse("catalogue:shelf")))
    registry.register_labels("node", words.node_titles)
    vocabulary.register("library", words.kind_names)
    navigation.register(
        navigation.Section("资源库", "catalogue:shelf", order=10, icon="library", prefixes=("/r/", "/search/"))
    )
    navigation.register_link(navigation.Link("我的资源", "library:mine", order=15, icon="folder"))
    navigation.register_link(navigation.Link("我的收藏", "library:favourites", order=16, icon="bookmark"))
    navigation.register_link(navigation.Link("待我审核", "library:review_queue", order=17, icon="clipboard-check"))
