"""A library written in Rust that breaks raises a `BaseException`, which no `except Exception` sees: here it becomes one."""

from collections.abc import Iterator
from contextlib import contextmanager

NAME = "PanicException"
"""What pyo3 calls it; the class cannot be imported."""


class Panicked(Exception):
    """An extension broke on what it was given."""


@contextmanager
def as_errors() -> Iterator[None]:
    """Inside, a panic is an error like any other; what ends the process passes.

    Raises:
        Panicked: an extension panicked.
    """
    try:
        yield
    except Exception:
        raise
    except BaseException as problem:
        if type(problem).__name__ != NAME:
            raise
        raise Panicked(str(problem)) from problem
