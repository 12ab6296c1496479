from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "website"
    label = "website"
    verbose_name = "网站"
    default_auto_field = "django.db.models.BigAutoField"
