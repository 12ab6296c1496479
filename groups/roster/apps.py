from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "groups.roster"
    label = "roster"
    verbose_name = "花名册"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from groups.roster import jobs
        from search import worker

        worker.every(1, "import people", jobs.tick)
        worker.every(3600, "forget old imports", jobs.forget_old)
