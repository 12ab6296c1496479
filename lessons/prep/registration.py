"""What preparing together tells the packages below at start-up."""

from lessons.prep import policies
from lessons.prep.remarks import policies as remark_policies


def register() -> None:
    policies.register()
    remark_policies.register()
