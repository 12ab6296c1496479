from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "catalogue"
    label = "catalogue"
    verbose_name = "教材目录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from catalogue import receivers, suggesting, vocabulary
        from search import registry, synonyms
        from search import vocabulary as search_vocabulary

        receivers.connect()
        search_vocabulary.register(self.name, vocabulary.names)
        synonyms.register(self.name, vocabulary.synonyms)
        registry.register_suggester(suggesting.LABEL, suggesting.lessons)
