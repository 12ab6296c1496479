"""What working together tells the packages below at start-up."""

from django.urls import reverse

from groups.inbox import things
from library.resources import panels
from library.together import jobs, names, policies
from library.together.selectors import talk
from library.together.services.reviews import remind_waiting
from search import registry, worker
from ui import navigation

DAY = 24 * 60 * 60.0


def register() -> None:
    policies.register()
    things.register("resource", names.of_resources)
    panels.register(
        panels.Panel(
            name="together",
            annotations=talk.annotations,
            load=talk.panel,
            templates={
                "notes": "together/panel_notes.html",
                "below": "together/panel_talk.html",
                "margin": "together/panel_margin.html",
                "manage": "together/panel_manage.html",
            },
        )
    )
    registry.register_way_on(registry.WayOn("求这份资源", lambda: reverse("together:ask")))
    navigation.register_link(navigation.Link("我的关注", "together:following", order=13, icon="rss"))
    navigation.register_link(navigation.Link("专题与资源集", "together:collections", order=16, icon="layers"))
    navigation.register_link(navigation.Link("求资源", "together:wishes", order=18, icon="hand"))
    worker.every(30, "news for followers", jobs.tell_followers)
    worker.every(3600, "reviews that wait", remind_waiting)
    worker.every(3600, "what lay in the bin for thirty days", jobs.empty_bin)
    worker.every(DAY, "published bytes and their review records", jobs.check_records)
