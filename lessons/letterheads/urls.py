"""Addresses of a school's letterhead, beside its own page."""

from django.urls import path

from lessons.letterheads import views

app_name = "letterheads"
urlpatterns = [
    path("g/<str:slug>/letterhead/", views.edit, name="edit"),
    path("g/<str:slug>/letterhead/<slug:kind>.docx", views.begin, name="begin"),
]
