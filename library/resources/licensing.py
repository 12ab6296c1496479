"""What a licence allows to be made from a thing (许可与改编). Pure: the table of who may derive what.

- CC BY-ND forbids adaptation by anybody but its authors.
- 仅本人 keeps a thing to its authors, 仅本校 to people of its home school.
- What is derived may never be licensed wider than what it came from.
"""

from collections.abc import Mapping

from library.resources.models import Licence

NARROW = frozenset({Licence.GROUP, Licence.SCHOOL, Licence.SELF})
DERIVED: Mapping[str, frozenset[str]] = {
    Licence.CC_BY: frozenset(Licence),
    Licence.CC_BY_NC: NARROW | {Licence.CC_BY_NC},
    Licence.CC_BY_ND: frozenset({Licence.CC_BY_ND, *NARROW}),
    Licence.GROUP: NARROW,
    Licence.SCHOOL: frozenset({Licence.SCHOOL, Licence.SELF}),
    Licence.SELF: frozenset({Licence.SELF}),
}
"""Licence of the source → licences that what is made from it may carry. The authors' own further work on a CC BY-ND
thing stays CC BY-ND or narrower."""


RESTRICTIVE = frozenset({Licence.CC_BY_ND, Licence.SELF, Licence.SCHOOL})
"""Licences under which somebody is refused a version of their own."""


class LicenceTooWide(ValueError):
    """What was derived would be licensed wider than its source; the sentence names both."""


def why_no_derivation(licence: str, *, is_author: bool, same_school: bool, owner: str) -> str:
    """Why a person may not make an own version of a thing under this licence; empty when they may."""
    if is_author:
        return ""
    if licence == Licence.CC_BY_ND:
        return f"许可是 CC BY-ND 4.0，不许改编，所以不能收入备课。可以照原样用；想改编请找{owner}老师换一种许可"
    if licence == Licence.SELF:
        return f"许可是“仅本人”，不能收入备课。想用请找{owner}老师"
    if licence == Licence.SCHOOL and not same_school:
        return f"许可是“仅本校”，外校不能收入备课。想用请找{owner}老师换一种许可"
    return ""


def require_not_wider(source: str, derived: str) -> None:
    """Refuse a derived thing a licence wider than its source's.

    Raises:
        LicenceTooWide: it is.
    """
    if derived not in DERIVED[source]:
        raise LicenceTooWide(
            f"原件的许可是“{Licence(source).label}”，改编的这份不能放宽成“{Licence(derived).label}”，请选同样的或更窄的"
        )
