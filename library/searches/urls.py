"""Addresses of saved searches and of the gap report."""

from django.urls import path

from library.searches import views

app_name = "searches"
urlpatterns = [
    path("searches/", views.mine, name="mine"),
    path("searches/save/", views.save, name="save"),
    path("searches/gaps/", views.gap_report, name="gaps"),
    path("searches/<int:pk>/", views.open_saved, name="open"),
    path("searches/<int:pk>/delete/", views.delete, name="delete"),
    path("searches/<int:pk>/subscribe/", views.subscribe, name="subscribe"),
]
