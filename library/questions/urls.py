"""Addresses of the bank: writing a question, filling a homework or paper, printing their sheets."""

from django.urls import path

from library.questions import sheet_views, views

app_name = "questions"
urlpatterns = [
    path("my/questions/new/", views.new, name="new"),
    path("my/questions/<slug:uid>/", views.edit, name="edit"),
    path("my/questions/<slug:uid>/put/", sheet_views.put, name="put"),
    path("r/<slug:uid>/items/", sheet_views.items, name="items"),
    path("r/<slug:uid>/items/<slug:key>/out/", sheet_views.take_out, name="take_out"),
    path("r/<slug:uid>/items/<slug:key>/revision/", sheet_views.revision, name="revision"),
    path("r/<slug:uid>/print/", sheet_views.sheet, name="print"),
]
