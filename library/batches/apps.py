from django.apps import AppConfig


class BatchesConfig(AppConfig):
    name = "library.batches"
    label = "batches"
    verbose_name = "批量上传"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ui import navigation

        navigation.register_link(navigation.Link("批量上传", "batches:index", order=18, icon="files"))
