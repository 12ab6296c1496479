"""单元设计 as a kind of resource."""

from collections.abc import Mapping
from typing import Any

from lessons.units import reading
from lessons.units.models import UnitDesign
from library.documents.unit_design import UnitDesignDocument, advice, checks, planned_periods
from library.resources import composed, kinds
from library.resources.models import Kind
from library.resources.registration import SECTIONS_FORM


def columns(document: UnitDesignDocument) -> Mapping[str, Any]:
    return {
        "periods": int(document.basics.periods or planned_periods(document)),
        "lessons": len(document.periods),
    }


def facts(unit: UnitDesign) -> tuple[str, ...]:
    """What a card says of a unit design."""
    periods = (f"{unit.periods} 课时",) if unit.periods else ()
    return (*periods, f"{unit.lessons} 个课题") if unit.lessons else periods


def register() -> None:
    kinds.register(
        kinds.KindSpec(
            kind=Kind.UNIT_DESIGN,
            model=UnitDesign,
            document=UnitDesignDocument,
            icon="layers",
            reader="units/reader.html",
            edit_url=SECTIONS_FORM,
            columns=columns,
            facts=facts,
            export=reading.export,
            contents=composed.contents,
            advice=advice,
            beside=checks,
        )
    )
