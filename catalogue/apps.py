from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "catalogue"
    label = "catalogue"
    verbose_name = "教材目录"
    default_auto_field = "django.db.models.BigAutoField"
