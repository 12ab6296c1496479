"""Hang the back office's own parts into Wagtail: menu, first screen, choosers, file rights, the index's lists."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail.snippets.models import register_snippet

from groups.middleware import ViewerRequest
from groups.page_rights import rights_of
from website.back_office import dashboard, desk_lists, file_lists, index_lists, menu, site_files

site_files.register()
index_lists.register_policies()
register_snippet(index_lists.IndexGroup)
desk_lists.register_policies()
register_snippet(desk_lists.DesksGroup)
file_lists.register_policies()
register_snippet(file_lists.FilesGroup)

for name in ("construct_main_menu", "construct_settings_menu"):
    hooks.register(name, menu.only_open)


@hooks.register("register_admin_menu_item")
def health() -> MenuItem:
    return menu.HealthItem()


@hooks.register("register_admin_menu_item")
def people() -> MenuItem:
    return menu.PeopleItem()


@hooks.register("construct_homepage_panels")
def panels(request: ViewerRequest, panels: list[Any]) -> None:
    dashboard.compose(request.viewer, panels)


@hooks.register("construct_homepage_summary_items")
def no_summary(request: HttpRequest, items: list[Any]) -> None:
    items.clear()


@hooks.register("insert_global_admin_css")
def styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("website/back_office.css"))


@hooks.register("construct_page_chooser_queryset")
def choosable_pages(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """To link to: what is published, and one's own drafts."""
    own = policy_registry.get_by_type(Page).explorable_instances(request.user)
    return pages.filter(pk__in=own.values("pk")) | pages.filter(live=True)


@hooks.register("after_create_page")
def whoever_composes_it(request: ViewerRequest, page: Page) -> HttpResponse | None:
    """A studio's page, once created, is its host's: who created it goes back instead of being refused."""
    if any(right.reaches(page) and "change" in right.actions for right in rights_of(request.viewer)):
        return None
    messages.success(request, f"《{page.title}》建好了，接下来由主持人编辑。")
    return redirect("wagtailadmin_home")
