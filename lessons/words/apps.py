from django.apps import AppConfig


class WordsConfig(AppConfig):
    name = "lessons.words"
    label = "word_imports"
    verbose_name = "从 Word 导入"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lessons.words import registration

        registration.register()
