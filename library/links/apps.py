from django.apps import AppConfig


class LinksConfig(AppConfig):
    name = "library.links"
    label = "library_links"
    verbose_name = "分享链接"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from library.links import policies

        policies.register()
