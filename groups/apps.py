from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "groups"
    label = "groups"
    verbose_name = "集团与人员"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from groups import checks, page_rights, policies, receivers, sealing
        from search import worker

        policies.register_all()
        page_rights.install()
        checks.register_checks()
        receivers.connect()
        worker.every(60, "seal the audit log", sealing.seal_settled)
