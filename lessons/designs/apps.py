from django.apps import AppConfig


class DesignsConfig(AppConfig):
    name = "lessons.designs"
    label = "designs"
    verbose_name = "教学设计"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lessons.designs import kind

        kind.register()
