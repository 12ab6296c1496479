from django.apps import AppConfig


class StudiosConfig(AppConfig):
    name = "studios"
    label = "studios"
    verbose_name = "名师工作室"
    default_auto_field = "django.db.models.BigAutoField"
