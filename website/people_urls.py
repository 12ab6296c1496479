"""Addresses of a school's people and of imports."""

from django.urls import path

from website.views import people, people_imports

app_name = "people"
urlpatterns = [
    path("", people.index, name="index"),
    path("import/", people_imports.imports, name="imports"),
    path("import/template.xlsx", people_imports.template, name="template"),
    path("import/<str:uid>/", people_imports.import_job, name="import"),
    path("import/<str:uid>/confirm/", people_imports.confirm, name="confirm"),
    path("import/<str:uid>/drop/", people_imports.drop, name="drop"),
    path("import/<str:uid>/bad-rows.xlsx", people_imports.bad_rows, name="bad_rows"),
    path("<str:slug>/", people.school, name="school"),
    path("<str:slug>/export.xlsx", people.export, name="export"),
    path("<str:slug>/add/", people.add, name="add"),
    path("<str:slug>/slips/", people.slips, name="slips"),
    path("<str:slug>/posts/<int:pk>/end/", people.end_post, name="end_post"),
    path("<str:slug>/<str:uid>/", people.person, name="person"),
    path("<str:slug>/<str:uid>/code/", people.code, name="code"),
    path("<str:slug>/<str:uid>/disable/", people.disable, name="disable"),
    path("<str:slug>/<str:uid>/enable/", people.enable, name="enable"),
]
