from django.apps import AppConfig


class TogetherConfig(AppConfig):
    name = "library.together"
    label = "together"
    verbose_name = "一起用"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from library.together import receivers, registration

        del receivers
        registration.register()
