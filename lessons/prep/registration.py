"""What preparing together tells the packages below at start-up."""


def register() -> None:
    """Nothing yet: the rule's rows follow with the policies."""
