from django.apps import AppConfig


class PrepConfig(AppConfig):
    name = "lessons.prep"
    label = "prep"
    verbose_name = "集体备课"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lessons.prep import registration

        registration.register()
