"""What a homework or a paper takes from the bank: questions, each pinned to the version that was chosen."""

from dataclasses import dataclass

from library.documents.fields import Row, number, refs


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned(Row):
    """One question at one version; it stays as it was chosen when the question is revised."""

    question: tuple[str, ...] = refs("题目", "question")
    version: int | None = number("版本")

    @property
    def uid(self) -> str:
        return self.question[0] if self.question else ""
