"""What preparing together tells the packages below, and its own state machine, at start-up."""

from groups.access import Action
from groups.inbox import things, todos
from lessons.prep import discussion, hooks, names, policies, waiting
from lessons.prep.remarks import counting
from lessons.prep.remarks import policies as remark_policies
from ui import navigation


def register() -> None:
    policies.register()
    remark_policies.register()
    for action in (Action.NEW_DRAFT, Action.SEND_FOR_APPROVAL):
        hooks.guard(action, "remarks", discussion.why_not_yet)
    hooks.voices("remarks", counting.spoken)
    hooks.adopted("remarks", discussion.adopted)
    things.register("prep", names.of_preparations)
    todos.register("prep", waiting.ask)
    navigation.register(
        navigation.Section(
            "集体备课", "prep:index", order=25, icon="square-pen", short="集备", prefixes=("/prep/",), signed_in=True
        )
    )
