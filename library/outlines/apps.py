from django.apps import AppConfig


class OutlinesConfig(AppConfig):
    name = "library.outlines"
    label = "outlines"
    verbose_name = "目录修订"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from library.outlines import policies

        policies.register_all()
