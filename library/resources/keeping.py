"""What was typed survives an expired session: it is kept while the teacher signs in, and offered again by the form.

The text waits in the browser's own session, which signing in keeps. Chosen files cannot wait; the page says so.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

KEY = "typed"
MOST = 600_000
"""Characters; a whole lesson design is a tenth of it."""

View = Callable[..., HttpResponse]


def typed_text(value: str | None) -> str:
    """What somebody typed or put into an address, without the zero character that a database refuses."""
    return (value or "").replace("\x00", "")


def typed_ids(values: Iterable[str]) -> list[str]:
    """Ids that came with a form, once each, without what cannot be one."""
    return [value for value in dict.fromkeys(values) if value.isalnum() and value.isascii()]


def signed_in(view: View) -> View:
    """Send a visitor to the sign-in page and back to the page they were on; keep what a form had sent."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            _keep(request)
        return redirect_to_login(_page_of(request))

    return guarded


def _page_of(request: HttpRequest) -> str:
    """The page a request was made from: a button's own address cannot be opened, its page can."""
    origin = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(origin, {request.get_host()}, require_https=request.is_secure())
    if request.method == "POST" and ours:
        return urlsplit(origin)._replace(scheme="", netloc="").geturl()
    return request.get_full_path()


def _keep(request: HttpRequest) -> None:
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    encoded = typed.urlencode()
    if len(encoded) > MOST:
        return
    request.session[KEY] = {"path": request.path, "typed": encoded}


def kept(request: HttpRequest) -> QueryDict | None:
    """What was typed into this page before the session ended, once; tells the teacher."""
    held = request.session.get(KEY)
    if not held or held["path"] != request.path:
        return None
    del request.session[KEY]
    messages.info(request, "登录前填的内容还在下面，看一遍再保存。选好的文件要重新选。")
    return QueryDict(held["typed"])


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's answer to a form that was opened before signing in again: keep what it says and show it anew.

    A script that asked for JSON is told to fetch a fresh token.
    """
    if not request.accepts("text/html"):
        return JsonResponse({"code": "token", "sentence": "页面打开得太久，正在重新连上"}, status=403)
    if request.method == "POST" and request.POST:
        _keep(request)
    messages.warning(request, "这一页打开得太久，刚才没有存进去。看一遍，再点一次保存。")
    return redirect(_page_of(request))
