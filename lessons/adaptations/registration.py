"""What adaptations tell the packages below at start-up."""

from groups.inbox import things
from lessons.adaptations import names, policies
from lessons.adaptations.selectors import plans
from library.resources import panels


def register() -> None:
    policies.register()
    things.register("proposal", names.of_proposals)
    things.register("adaptation", names.of_adaptations)
    panels.register(
        panels.Panel(
            name="adaptations",
            annotations=plans.annotations,
            load=plans.panel,
            templates={"notes": "adaptations/panel_notes.html"},
        )
    )
