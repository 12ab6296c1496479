"""How the things that messages speak of are called: registered by the packages that own them.

A name is asked for at reading, with the reader's rights: a message about a thing that was taken away names it no more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from groups.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Named:
    """The name and address of a thing that the reader may see."""

    title: str
    url: str


Names = Callable[[Sequence[str], Viewer], Mapping[str, Named]]

_names: dict[str, Names] = {}


def register(thing: str, names: Names) -> None:
    """Say how things of this kind are called: (uids, viewer) → uid → name, without those the viewer may not see."""
    _names[thing] = names


def names_of(thing: str, uids: Sequence[str], viewer: Viewer) -> Mapping[str, Named]:
    return _names[thing](uids, viewer) if thing in _names else {}
