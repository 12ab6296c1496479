"""Questions as they stand on a printed sheet: stem, options, halves to be joined, pieces to be ordered, without any answer."""

from collections.abc import Iterator, Mapping
from typing import Any

from groups.access import Action
from groups.viewer import Viewer
from library.documents import question, rich, schema
from library.documents.fields import RichText, ordered
from library.documents.question import QuestionDocument
from library.questions.selectors import SheetDocument, pinned_versions


def texts(document: SheetDocument, viewer: Viewer) -> Mapping[str, RichText]:
    """Question uid → its text at the pinned version, for those that this viewer may take home."""
    versions = pinned_versions(document.items.values(), viewer, Action.DOWNLOAD)
    return {uid: text_of(schema.load(QuestionDocument, version.document)) for (uid, _), version in versions.items()}


def text_of(document: QuestionDocument) -> RichText:
    content = list(_asked(document))
    for _, picture in ordered(document.pictures):
        content += [{"type": "image", "attrs": {"file": uid, "alt": picture.alt}} for uid in picture.file]
    for at, (_, part) in enumerate(ordered(document.parts), 1):
        content += _led(f"（{at}）", list(_asked(part)))
    return {"type": "doc", "content": content}


def _asked(item: question.Answerable) -> Iterator[Any]:
    """What is asked, and what there is to choose from, to join or to order."""
    yield from item.stem.get("content") or ()
    for at, (_, option) in enumerate(ordered(item.options), 1):
        yield from _led(f"{question.letter(at)}. ", list(option.words.get("content") or ()))
    rights = question.on_paper(item.pairs)
    for (_, pair), key in zip(ordered(item.pairs), rights, strict=True):
        left, right = (rich.to_text(half) for half in (pair.left, item.pairs[key].right))
        yield rich.paragraph({"type": "text", "text": f"{left}　　　　　　{right}"})
    for at, key in enumerate(question.on_paper(item.steps), 1):
        yield from _led(f"（　）{at}. ", list(item.steps[key].words.get("content") or ()))
    for _, one in ordered(item.sums):
        yield from one.expression.get("content") or ()


def _led(lead: str, content: list[Any]) -> list[Any]:
    """The blocks with a letter or a number before their first line."""
    mark = {"type": "text", "text": lead}
    if content and content[0]["type"] == "paragraph":
        return [{**content[0], "content": [mark, *(content[0].get("content") or ())]}, *content[1:]]
    return [rich.paragraph(mark), *content]
