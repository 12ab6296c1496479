from django.apps import AppConfig


class StudiosConfig(AppConfig):
    name = "studios"
    label = "studios"
    verbose_name = "名师工作室"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from search import registry
        from studios import policies, search_documents, signals
        from ui import navigation

        del signals
        policies.register()
        registry.register(search_documents.SOURCE)
        navigation.register(navigation.Section("名师工作室", "studios:index", order=60, icon="users", short="工作室"))
