from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "library.resources"
    label = "library"
    verbose_name = "资源库"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from library.resources import checks, jobs, registration, signals, spreads
        from search import worker

        del checks, signals
        registration.register()
        spreads.register()
        worker.every(30, "grants that begin or end", jobs.touch_boundaries)
        worker.every(3600, "counts of use", jobs.touch_used)
