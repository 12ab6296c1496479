from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "ui"
    label = "ui"
    verbose_name = "界面"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ui import checks  # noqa: F401
