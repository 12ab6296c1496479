"""Who may have a file: whoever may have what contains it. Upper packages register how to ask.

`fn(viewer, file, action)` answers with a verdict when its package contains the file, or None when it does not. One
verdict that allows is enough; a file that nothing contains yet goes by its own rows: its uploader may look at it. A PDF twin follows the file it
stands for.
"""

from collections.abc import Callable

from groups.access import Action, Refused, Verdict, may
from groups.viewer import Viewer
from media.models import File

Container = Callable[[Viewer, File, Action], Verdict | None]

_containers: list[Container] = []


def register(container: Container) -> Container:
    """Add a way to ask. Called from the owning package's `ready()`; registering twice changes nothing."""
    if container not in _containers:
        _containers.append(container)
    return container


def unregister(container: Container) -> None:
    _containers.remove(container)


def verdict_on(viewer: Viewer, file: File, action: Action) -> Verdict:
    """The rule for one file: as its container; an orphan by its own rows in the policy."""
    if viewer.disabled:
        return Verdict(False, "这个账号已停用，请联系本校管理员")
    refusal: Verdict | None = None
    for asked in (file, *file.twin_of.all()):
        for container in _containers:
            verdict = container(viewer, asked, action)
            if verdict:
                return verdict
            if refusal is None:
                refusal = verdict
    return may(viewer, action, file) if refusal is None else refusal


def require(viewer: Viewer, file: File, action: Action) -> Verdict:
    """`verdict_on`, or else raise.

    Raises:
        Refused: with the verdict.
    """
    verdict = verdict_on(viewer, file, action)
    if not verdict:
        raise Refused(verdict)
    return verdict
