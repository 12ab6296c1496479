"""Addresses of 批量上传, below `/my/batch/`."""

from django.urls import path

from library.batches import views

app_name = "batches"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:uid>/", views.batch, name="batch"),
]
