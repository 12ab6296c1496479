"""书名号成对: a 《 without its 》, or a 》 without its 《, named with its place."""

from library.documents import walk
from library.documents.fields import Document
from library.documents.lesson_design import Advice

SHOWN = 8


def unpaired(document: Document) -> list[Advice]:
    """One sentence for each field whose book-title marks do not close."""
    found = []
    for leaf in walk.walk(document):
        lost = lost_mark(leaf.text) if "《" in leaf.text or "》" in leaf.text else None
        if lost:
            found.append(Advice(leaf.path, f"{leaf.place}的{leaf.spec.label}：{lost}"))
    return found


def lost_mark(text: str) -> str | None:
    """What is wrong with the first mark that has no partner; a title inside a title (《…〈…〉…》) is fine."""
    opened: list[int] = []
    for at, sign in enumerate(text):
        if sign == "《":
            opened.append(at)
        elif sign == "》" and opened:
            opened.pop()
        elif sign == "》":
            return f"“{text[max(0, at - SHOWN) : at + 1]}”前面少一个《"
    return f"“{text[opened[0] : opened[0] + SHOWN + 1]}”后面少一个》" if opened else None
