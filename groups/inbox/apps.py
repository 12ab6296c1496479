from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "groups.inbox"
    label = "inbox"
    verbose_name = "消息"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ui import navigation

        navigation.register_link(navigation.Link("消息", "inbox:messages", order=12, icon="bell"))
