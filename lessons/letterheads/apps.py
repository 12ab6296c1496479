from django.apps import AppConfig


class LetterheadsConfig(AppConfig):
    name = "lessons.letterheads"
    label = "letterheads"
    verbose_name = "信头与模板"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lessons.letterheads import registration

        registration.register()
