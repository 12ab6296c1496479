from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "lessons.plans"
    label = "plans"
    verbose_name = "备课计划"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lessons.plans import policies, receivers, todos

        del receivers
        policies.register()
        todos.register()
