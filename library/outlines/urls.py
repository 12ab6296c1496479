"""Addresses of the curators' pages, below `/k/`."""

from django.urls import path, re_path

from library.outlines import views

app_name = "outlines"
DEEDS = "(?P<deed>approve|decline|withdraw|revert)"
urlpatterns = [
    path("changes/", views.index, name="index"),
    path("changes/<slug:uid>/", views.change, name="change"),
    re_path(rf"^changes/(?P<uid>[\w-]+)/{DEEDS}/$", views.decide, name="decide"),
    path("mappings/new/", views.map_books, name="map"),
    path("mappings/<slug:uid>/", views.mapping, name="mapping"),
    re_path(rf"^mappings/(?P<uid>[\w-]+)/{DEEDS}/$", views.decide_mapping, name="decide_mapping"),
    path("courses/new/", views.new_course, name="new_course"),
    path("<slug:uid>/edit/", views.edit, name="edit"),
    re_path(r"^(?P<uid>[\w-]+)/export\.(?P<form>xlsx|json)$", views.export, name="export"),
]
