"""Nothing opens to a password that the school knows: whoever signed in with one chooses their own first."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


class FirstPasswordMiddleware:
    """Leads every address but the choosing and signing out to the new password (首次登录改密码)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or not user.must_change_password:
            return self.get_response(request)
        choosing = reverse("new-password")
        if request.path in (choosing, reverse("sign-out")):
            return self.get_response(request)
        onward = {"next": request.get_full_path()} if request.method == "GET" else {}
        return redirect(f"{choosing}?{urlencode(onward)}" if onward else choosing)
