from django.apps import AppConfig


class AdaptationsConfig(AppConfig):
    name = "lessons.adaptations"
    label = "adaptations"
    verbose_name = "个案"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lessons.adaptations import registration

        registration.register()
