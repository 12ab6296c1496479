"""The one address of studios that has a name: their list. Wagtail serves it and each studio below it."""

from django.urls import URLPattern, URLResolver, path
from wagtail.views import serve

app_name = "studios"
urlpatterns: list[URLPattern | URLResolver] = [path("s/", serve, {"path": "s/"}, name="index")]
