from django.apps import AppConfig


class ConversionConfig(AppConfig):
    name = "media.conversion"
    label = "conversion"
    verbose_name = "文件处理"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from media.conversion import services, workshop
        from media.signals import stored
        from search import worker

        stored.connect(services.on_stored, dispatch_uid="media.conversion")
        worker.every(1, "words and previews of files", workshop.tick)
