from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "groups"
    label = "groups"
    verbose_name = "集团与人员"
    default_auto_field = "django.db.models.BigAutoField"
