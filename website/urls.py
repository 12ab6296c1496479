"""Addresses of the site itself: homes, sign-in, organisations and people."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail.views import serve

from website.views import accounts, homes, organisations, reports

organisation_patterns = (
    [
        path("g/", organisations.organisation_list, name="organisations"),
        path("g/<str:slug>/", organisations.organisation, name="organisation"),
        path("g/<str:slug>/month/", reports.month, name="month"),
        path("p/<str:uid>/", organisations.person_card, name="person"),
        path("p/<str:uid>/portfolio/", reports.portfolio, name="portfolio"),
    ],
    "groups",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", homes.home, name="home"),
    path("my/", homes.my_preparation, name="my"),
    path("my/portfolio/", reports.my_portfolio, name="my-portfolio"),
    path("sign-in/", accounts.sign_in, name="sign-in"),
    path("sign-out/", accounts.sign_out, name="sign-out"),
    path("password/", accounts.new_password, name="new-password"),
    path("taps/", accounts.taps, name="taps"),
    path("large-type/", accounts.large_type, name="large-type"),
    path("help/", serve, {"path": "help/"}, name="help"),
    path("news/", serve, {"path": "news/"}, name="news"),
    path("", include(organisation_patterns)),
]
