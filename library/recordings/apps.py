from django.apps import AppConfig


class RecordingsConfig(AppConfig):
    name = "library.recordings"
    label = "recordings"
    verbose_name = "教学录像"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from library.recordings import kind

        kind.register()
