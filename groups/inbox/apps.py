from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "groups.inbox"
    label = "inbox"
    verbose_name = "消息"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from groups.inbox import delivering
        from search import worker
        from ui import navigation

        worker.every(5, "messages by mail and robots", delivering.tick)
        worker.every(86_400, "old deliveries", delivering.forget_old)

        navigation.register_link(navigation.Link("消息", "inbox:messages", order=12, icon="bell"))
        navigation.register_link(navigation.Link("待办", "inbox:todos", order=11, icon="list-checks"))
