from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "library.cases"
    label = "cases"
    verbose_name = "教学案例"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from library.cases import kind

        kind.register()
