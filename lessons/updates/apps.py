from django.apps import AppConfig


class UpdatesConfig(AppConfig):
    name = "lessons.updates"
    label = "updates"
    verbose_name = "共案更新"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lessons.updates import registration

        registration.register()
