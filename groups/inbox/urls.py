"""Addresses of one's own messages."""

from django.urls import path

from groups.inbox import views

app_name = "inbox"
urlpatterns = [
    path("my/messages/", views.messages, name="messages"),
    path("my/todo/", views.everything, name="todos"),
    path("my/messages/settings/", views.settings_page, name="settings"),
    path("my/messages/settings/try/", views.try_out, name="try"),
    path("my/messages/read/", views.read_all, name="read_all"),
    path("my/messages/<int:pk>/", views.open_message, name="open"),
]
