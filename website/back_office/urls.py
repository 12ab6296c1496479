"""Wagtail's addresses behind our door. Included once, at `/admin/`."""

from django.urls import path
from django.views.i18n import JavaScriptCatalog
from wagtail.admin.urls import urlpatterns as wagtails
from wagtail.utils.urlpatterns import decorate_urlpatterns

from website.back_office.door import guarded

words = JavaScriptCatalog.as_view(packages=["wagtail.admin", "website"])
"""Wagtail's own words for its scripts, with those that its Simplified Chinese lacks."""

urlpatterns = decorate_urlpatterns([path("jsi18n/", words, name="wagtailadmin_javascript_catalog"), *wagtails], guarded)
