from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    label = "search"
    verbose_name = "检索"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from search import health, indexer, statistics, worker

        worker.every(10, "the worker's sign of life", health.beat)
        worker.every(3600, "what the database knows of its tables", statistics.refresh)
        worker.every(60, "spreads that failed", indexer.spread_failed)
