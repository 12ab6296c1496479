"""Addresses of the lesson design's form, below `/my/designs/`."""

from django.urls import path

from lessons.designs import views

app_name = "designs"
urlpatterns = [
    path("", views.index, name="index"),
    path("print/", views.print_several, name="print"),
    path("<slug:uid>/", views.edit, name="edit"),
    path("<slug:uid>/<slug:name>/", views.section, name="section"),
]
