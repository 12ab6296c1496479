"""What preparing together tells the packages below at start-up."""

from lessons.prep import policies


def register() -> None:
    policies.register()
