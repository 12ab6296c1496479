from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "groups"
    label = "groups"
    verbose_name = "集团与人员"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from groups import checks, policies

        policies.register_all()
        checks.register_checks()
