from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "lessons.inspections"
    label = "inspections"
    verbose_name = "查阅"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lessons.inspections import registration

        registration.register()
