from django.apps import AppConfig


class ExplainingConfig(AppConfig):
    name = "library.explaining"
    label = "explaining"
    verbose_name = "权限说明"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from library.explaining import policies

        policies.register()
