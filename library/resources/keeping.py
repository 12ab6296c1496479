"""What was typed survives an expired session: it is kept while the teacher signs in, and offered again by the form.

The text waits in the browser's own session, which signing in keeps. Chosen files cannot wait; the page says so.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict

KEY = "typed"
MOST = 600_000
"""Characters; a whole lesson design is a tenth of it."""

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Send a visitor to the sign-in page and back; keep what a form had sent."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            _keep(request)
        return redirect_to_login(request.get_full_path())

    return guarded


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
