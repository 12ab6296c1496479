"""My own lists: what I write and have written, and what I keep."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from groups import access
from groups.access import Action
from groups.middleware import ViewerRequest
from library.resources import services
from library.resources.forms import BulkForm
from library.resources.keeping import signed_in, typed_ids, typed_text
from library.resources.models import Resource
from library.resources.selectors import own
from library.resources.selectors.cards import cards_by_uid
from ui.toasts import toast

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
    """`/my/favourites/`: what I kept and may still read, by folder; chosen ones go into a folder."""
    if request.method == "POST":
        return _file(request)
    folders = own.folders(request.viewer)
    folder = request.GET.get("folder", "")
    folder = folder if folder in folders else ""
    page = Paginator(own.kept(request.viewer, folder), PAGE_SIZE).get_page(request.GET.get("page"))
    uids = [resource.uid for resource in page.object_list]
    found = cards_by_uid(uids, request.viewer)
    cards = [found[uid] for uid in uids if uid in found]
    context = {"page": page, "cards": cards, "folders": folders, "folder": folder}
    return render(request, "library/favourites.html", context)


def _file(request: ViewerRequest) -> HttpResponse:
    """Put the ticked favourites into the folder that was typed or chosen."""
    person, chosen = request.viewer.person, typed_ids(request.POST.getlist("of"))
    name = typed_text(request.POST.get("folder")).strip()[:30]
    if person is None or not chosen:
        messages.error(request, "收藏夹：还没有勾选资源，请先勾选要放进去的")
        return redirect("library:favourites")
    moved = services.file_favourites(uids=chosen, by=person, folder=name)
    toast(request, f"{moved} 份已放进“{name}”" if name else f"{moved} 份已从收藏夹里拿出")
    return redirect(f"{reverse('library:favourites')}?{urlencode({'folder': name})}" if name else "library:favourites")


@signed_in
def bulk(request: ViewerRequest) -> HttpResponse:
    """`/my/library/describe/`: metadata of the ticked things; the first POST shows the form, the second writes."""
    person, chosen = request.viewer.person, typed_ids(request.POST.getlist("of"))
    if request.method != "POST" or person is None or not chosen:
        messages.error(request, "批量修改：还没有勾选资料，请先在“我的资源”里勾选")
        return redirect("library:mine")
    is_sent = request.POST.get("do") == "save"
    form = BulkForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        changes = form.changes()
        if changes.is_empty:
            form.add_error(None, "每一项都是“不改”。至少改一项，或者回到我的资源")
        else:
            result = services.describe_many(uids=chosen, by=person, changes=changes, at=timezone.now())
            for title, reason in result.left:
                messages.warning(request, f"《{title}》没有改：{reason}")
            toast(request, f"改好 {result.changed} 份")
            return redirect("library:mine")
    listed = access.narrow(Resource.objects.filter(uid__in=chosen), request.viewer, Action.LIST).order_by("title")
    context = {"form": form, "chosen": chosen, "resources": list(listed)}
    return render(request, "library/bulk.html", context)
