"""The door of `/admin/`: every address below it is asked here first, before Wagtail looks at it.

Wagtail's admin is made for people who may see each other's work. Some of its screens list titles without asking about
each thing; those are closed to everybody here, and a page is opened only by whom the rule lets find it.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.permissions import policy_registry

from groups.access import Refused
from groups.middleware import ViewerRequest
from groups.policies import may_enter

View = Callable[..., HttpResponseBase]

CLOSED = re.compile(
    r"""
      wagtailadmin_reports:.*            # site history and the other reports name every page and thing
    | wagtailadmin_workflows:.*          # nobody moderates in Wagtail: resources have their review, pages their editors
    | wagtailadmin_pages:.*workflow.*
    | wagtailadmin_pages:type_use.*
    | wagtailadmin_pages:(set_privacy|convert_alias|choose_parent)
    | wagtailadmin_collections:.*
    | wagtail_bulk_action                # shows what one may not touch by name
    | wagtailadmin_api:pages:action
    | wagtailadmin_api:(images|documents):.*
    | wagtailsnippets_(?!catalogue_).*:(add|edit|delete|copy|usage|history|history_results)
    | wagtailsnippetchoosers_(?!catalogue_).*
    | wagtailusers_.*                    # people come by import and change in services
    | wagtailadmin_(error_test|password_reset.*)
    | wagtailimages:url_generator.*
    """,
    re.VERBOSE,
)
CLOSED_ROUTES = ("admin/test404/",)

PAGE_NAMES = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")
"""Names under which Wagtail's addresses carry the number of a page."""

PAGES_BY_PK = re.compile(r"wagtailadmin_api:pages:detail|wagtailadmin_pages:revisions_compare")

CHOSEN_FILES = re.compile(r"wagtail(images|docs)_chooser:(?:chosen|chosen_multiple|select_format)")


def guarded(view: View) -> View:
    """Ask who comes in and whether this screen is open, then let Wagtail answer."""

    @wraps(view)
    def asked(request: ViewerRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        match = request.resolver_match
        name = match.view_name if match else ""
        if not request.user.is_authenticated:
            return _signed_out(request, name)
        verdict = may_enter(request.viewer)
        if not verdict:
            raise Refused(verdict)
        if name == "wagtailadmin_login":
            return redirect("wagtailadmin_home")
        if name == "wagtailadmin_account":
            return redirect("new-password")
        if CLOSED.fullmatch(name) or (match and match.route in CLOSED_ROUTES):
            raise Http404("后台没有这一页")
        _find_pages(request, name, kwargs)
        _find_files(request, name, kwargs)
        return view(request, *args, **kwargs)

    return asked


def _signed_out(request: HttpRequest, name: str) -> HttpResponse:
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        raise PermissionDenied("请先登录")
    following = request.GET.get("next", "/admin/") if name == "wagtailadmin_login" else request.get_full_path()
    return redirect_to_login(following, "sign-in")


def _find_pages(request: ViewerRequest, name: str, kwargs: dict[str, Any]) -> None:
    """Every page that the address names can be found by this person."""
    named = [kwargs[key] for key in PAGE_NAMES if key in kwargs]
    if PAGES_BY_PK.fullmatch(name):
        named.append(kwargs["pk"])
    if name == "wagtailadmin_choose_page_chosen_multiple":
        named += request.GET.getlist("id")
    wanted = {int(pk) for pk in named if str(pk).isdecimal()}
    if len(wanted) < len(set(map(str, named))) or findable(request.user, wanted) != len(wanted):
        raise Http404("没有这一页，或者它不归你编辑")


def _find_files(request: ViewerRequest, name: str, kwargs: dict[str, Any]) -> None:
    """A picture or document that is chosen is one the person may choose."""
    chosen = CHOSEN_FILES.fullmatch(name)
    if chosen is None:
        return
    model = get_image_model() if chosen[1] == "images" else get_document_model()
    named = [kwargs[key] for key in ("pk", "image_id") if key in kwargs] or request.GET.getlist("id")
    own = policy_registry.get_by_type(model).instances_user_has_permission_for(request.user, "choose")
    if not all(str(pk).isdecimal() for pk in named) or own.filter(pk__in=named).count() < len(set(map(str, named))):
        raise Http404("没有这个文件，或者它不归你使用")


def findable(user: Any, pages: set[int]) -> int:
    """How many of these pages are published, or the user's to see in the back office."""
    if not pages:
        return 0
    found = Page.objects.filter(pk__in=pages)
    own = policy_registry.get_by_type(Page).explorable_instances(user).filter(pk__in=pages)
    return len(set(found.live().values_list("pk", flat=True)) | set(own.values_list("pk", flat=True)))
