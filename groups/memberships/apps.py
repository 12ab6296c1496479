from django.apps import AppConfig


class MembershipsConfig(AppConfig):
    name = "groups.memberships"
    label = "memberships"
    verbose_name = "进出集团"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from groups.memberships import policies

        policies.register()
