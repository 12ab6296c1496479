"""Addresses of the health page, without a namespace: monitors are configured with them."""

from django.urls import path

from search import health_views

urlpatterns = [
    path("", health_views.show, name="health"),
    path("retry/", health_views.retry, name="health-retry"),
]
