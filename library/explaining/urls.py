"""Addresses of the explanations, below `/why/`."""

from django.urls import path

from library.explaining import views

app_name = "explaining"
urlpatterns = [
    path("why/<slug:uid>/", views.resource, name="resource"),
    path("why/person/<slug:uid>/", views.person, name="person"),
]
