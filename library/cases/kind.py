"""教学案例 as a kind of resource."""

from collections.abc import Mapping
from typing import Any

from library.cases.models import TeachingCase
from library.documents.teaching_case import TeachingCaseDocument, advice
from library.resources import composed, kinds
from library.resources.models import Kind
from library.resources.registration import ANYTHING, SECTIONS_FORM


def columns(document: TeachingCaseDocument) -> Mapping[str, Any]:
    return {"has_results": bool(document.results)}


def facts(case: TeachingCase) -> tuple[str, ...]:
    return ("有成效数据",) if case.has_results else ()


def register() -> None:
    kinds.register(
        kinds.KindSpec(
            kind=Kind.TEACHING_CASE,
            model=TeachingCase,
            document=TeachingCaseDocument,
            icon="lightbulb",
            reader="cases/reader.html",
            edit_url=SECTIONS_FORM,
            columns=columns,
            families=ANYTHING,
            facts=facts,
            export=composed.export,
            contents=composed.contents,
            advice=advice,
        )
    )
