"""Addresses of the preparation room and its margin, below `/prep/`."""

from django.urls import path

from lessons.prep.remarks import views

app_name = "remarks"
urlpatterns = [
    path("<slug:uid>/", views.room, name="room"),
    path("<slug:uid>/compare/", views.compare, name="compare"),
    path("<slug:uid>/remarks/new/", views.write, name="write"),
    path("<slug:uid>/remarks/<int:pk>/reply/", views.reply, name="reply"),
    path("<slug:uid>/remarks/<int:pk>/edit/", views.edit, {"of": "remark"}, name="edit"),
    path("<slug:uid>/remarks/<int:pk>/delete/", views.delete, {"of": "remark"}, name="delete"),
    path("<slug:uid>/remarks/<int:pk>/report/", views.report, {"of": "remark"}, name="report"),
    path("<slug:uid>/remarks/<int:pk>/dispose/", views.dispose, name="dispose"),
    path("<slug:uid>/remarks/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("<slug:uid>/remarks/<int:pk>/vote/", views.vote, name="vote"),
    path("<slug:uid>/replies/<int:pk>/edit/", views.edit, {"of": "reply"}, name="edit_reply"),
    path("<slug:uid>/replies/<int:pk>/delete/", views.delete, {"of": "reply"}, name="delete_reply"),
    path("<slug:uid>/replies/<int:pk>/report/", views.report, {"of": "reply"}, name="report_reply"),
]
