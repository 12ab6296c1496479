from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "lessons.units"
    label = "units"
    verbose_name = "单元设计"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lessons.units import kind

        kind.register()
