"""Addresses of this package."""

from django.urls import path

from ui import views

app_name = "ui"
urlpatterns = [path("", views.showcase, name="showcase")]
