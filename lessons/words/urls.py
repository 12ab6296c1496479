"""Addresses of 从 Word 导入, below `/my/word/`."""

from django.urls import path

from lessons.words import views

app_name = "words"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:uid>/", views.review, name="review"),
]
