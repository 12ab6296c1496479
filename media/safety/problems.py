"""The one refusal: a code for programs and a sentence for the teacher."""

SHOWN_NAME = 40


class UnsafeFile(Exception):
    """A file that is not taken. `sentence` goes to the page as it is; `code` names the rule."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def refused(name: str, code: str, what: str, step: str) -> UnsafeFile:
    """《名字》what，没有收下。step。"""
    return UnsafeFile(code, f"《{shown(name)}》{what}，没有收下。{step}。")


def shown(name: str) -> str:
    """A name short enough for a sentence; the extension stays."""
    if len(name) <= SHOWN_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 8:
        return f"{name[: SHOWN_NAME - 1]}…"
    return f"{stem[: SHOWN_NAME - len(extension) - 2]}….{extension}"
