"""Addresses of this package."""

from django.urls import URLPattern, URLResolver

app_name = "designs"
urlpatterns: list[URLPattern | URLResolver] = []
