"""What adaptations tell the packages below at start-up."""

from groups.inbox import things, todos
from lessons.adaptations import flowing, names, policies, waiting
from lessons.adaptations.selectors import plans
from lessons.prep import hooks
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
    hooks.adopted("adaptations", flowing.adopted)
    hooks.figures("adaptations", flowing.figures)
    hooks.reflections("adaptations", flowing.reflections)
    todos.register("reflections", waiting.reflections)
    todos.register("what flows back", waiting.proposals)
