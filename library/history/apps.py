from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "library.history"
    label = "library_history"
    verbose_name = "资源库历史"
    default_auto_field = "django.db.models.BigAutoField"
