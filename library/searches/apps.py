from django.apps import AppConfig


class SearchesConfig(AppConfig):
    name = "library.searches"
    label = "library_searches"
    verbose_name = "搜索的留存"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from library.searches import gaps, registration

        registration.register(gaps.hear)
