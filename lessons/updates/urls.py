"""Addresses of updates, below `/my/updates/`."""

from django.urls import path

from lessons.updates import views

app_name = "updates"
urlpatterns = [
    path("", views.index, name="index"),
    path("records/<slug:uid>/", views.record, name="record"),
    path("<slug:uid>/", views.merge, name="merge"),
]
