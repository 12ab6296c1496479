"""Every address of the site. Packages bring their own `urls`; Wagtail's pages come last."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.documents import urls as wagtaildocs_urls

from website.back_office import urls as back_office_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}ui/mark.svg"), name="favicon"),
    path("admin/", include(back_office_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("search/", include("search.urls")),
    path("health/", include("search.health_urls")),
    path("k/", include("library.outlines.urls")),
    path("k/", include("library.resources.browse_urls")),
    path("", include("library.resources.urls")),
    path("", include("library.questions.urls")),
    path("", include("library.together.urls")),
    path("", include("groups.inbox.urls")),
    path("", include("groups.memberships.urls")),
    path("", include("library.explaining.urls")),
    path("", include("library.links.urls")),
    path("", include("library.searches.urls")),
    path("f/", include("media.urls")),
    path("", include("lessons.plans.urls")),
    path("my/designs/", include("lessons.designs.urls")),
    path("my/updates/", include("lessons.updates.urls")),
    path("prep/", include("lessons.prep.urls")),
    path("prep/", include("lessons.prep.remarks.urls")),
    path("adaptations/", include("lessons.adaptations.urls")),
    path("inspections/", include("lessons.inspections.urls")),
    path("my/word/", include("lessons.words.urls")),
    path("", include("lessons.letterheads.urls")),
    path("my/batch/", include("library.batches.urls")),
    path("", include("studios.urls")),
    path("people/", include("website.people_urls")),
    path("", include("website.urls")),
]
if settings.DEMO_MODE:
    urlpatterns += [path("ui/", include("ui.urls"))]
# Pictures of the editors' pages are public; a city's proxy answers before this does.
urlpatterns += [
    path("site-media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}, name="site-media"),
    path("", include(wagtail_urls)),
]
