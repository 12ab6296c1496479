"""Addresses of the catalogue pages: outlines, nodes, subject × grade. They list resources, so they live here."""

from django.urls import URLPattern, URLResolver

app_name = "catalogue"
urlpatterns: list[URLPattern | URLResolver] = []
