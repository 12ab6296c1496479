"""Addresses of proposals and charters, beside the group's own page."""

from django.urls import path

from groups.memberships import views

app_name = "memberships"
urlpatterns = [
    path("g/<str:slug>/membership/", views.proposals, name="proposals"),
    path("g/<str:slug>/charter/", views.charter, name="charter"),
    path("g/<str:slug>/exchanges/", views.exchanges, name="exchanges"),
    path("g/<str:slug>/exchanges/<int:pk>/end/", views.end_exchange, name="end_exchange"),
    path("g/<str:slug>/new-group/", views.found, name="found"),
    path("membership/<int:pk>/", views.proposal, name="proposal"),
]
