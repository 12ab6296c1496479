"""My own lists: what I write and have written, and what I keep."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from groups.middleware import ViewerRequest
from library.resources.keeping import signed_in
from library.resources.selectors import own
from library.resources.selectors.cards import cards_by_uid

PAGE_SIZE = 20


@signed_in
def mine(request: ViewerRequest) -> HttpResponse:
    """`/my/library/`: by state, with completeness and what a reviewer wrote."""
    tab = request.GET.get("state", "draft")
    tab = tab if tab in own.TABS else "draft"
    page = Paginator(own.mine(request.viewer, tab), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "tabs": own.TABS.items(),
        "tab": tab,
        "tab_label": own.TABS[tab],
        "page": page,
        "rows": own.own_rows(list(page.object_list)),
    }
    return render(request, "library/mine.html", context)


@signed_in
def favourites(request: ViewerRequest) -> HttpResponse:
    """`/my/favourites/`: what I kept and may still read."""
    page = Paginator(own.kept(request.viewer), PAGE_SIZE).get_page(request.GET.get("page"))
    uids = [resource.uid for resource in page.object_list]
    found = cards_by_uid(uids, request.viewer)
    cards = [found[uid] for uid in uids if uid in found]
    return render(request, "library/favourites.html", {"page": page, "cards": cards})
