"""Addresses of inspection, below `/inspections/`."""

from django.urls import path

from lessons.inspections import views

app_name = "inspections"
urlpatterns = [
    path("", views.week, name="week"),
    path("term/", views.term, name="term"),
    path("term/export/", views.export, name="export"),
    path("<slug:uid>/inspect/", views.inspect, name="inspect"),
    path("<slug:uid>/reply/", views.reply, name="reply"),
]
