"""What one process remembers of the index as it stands: gone with the next change that a search can see."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(slots=True)
class Memory(Generic[V]):
    """The answers that were asked for last, by the version of the index and their key."""

    most: int = 500
    kept: "OrderedDict[Hashable, V]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def at(self, version: str) -> "Recall[V] | None":
        """The memory of one version; None of an engine that cannot tell its versions."""
        return Recall(self, version) if version else None

    def find(self, key: Hashable) -> V | None:
        with self._lock:
            if key in self.kept:
                self.kept.move_to_end(key)
            return self.kept.get(key)

    def keep(self, key: Hashable, value: V) -> None:
        with self._lock:
            self.kept[key] = value
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Recall(Generic[V]):
    """A memory at one version of the index."""

    memory: Memory[V]
    version: str

    def find(self, key: Hashable) -> V | None:
        return self.memory.find((self.version, key))

    def keep(self, key: Hashable, value: V) -> None:
        self.memory.keep((self.version, key), value)
