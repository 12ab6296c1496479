from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "library.questions"
    label = "questions"
    verbose_name = "题库与作业"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from library.questions import registration

        registration.register()
