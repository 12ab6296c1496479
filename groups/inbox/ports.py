"""The ways out of the site: mail through Django's backend, and the group robots of 企业微信 and 钉钉 by one HTTPS POST.

Both are off until the installation switches them on. An address of a robot is a stranger's word: only hosts that the
installation names are called, redirects are not followed, and the wait is short.
"""

import base64
import hashlib
import hmac
import http.client
import json
import smtplib
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from groups.inbox.models import Channel, Preference

MOST_CHARACTERS = 1_800
MOST_ANSWER = 64 * 1024
REFUSED = (550, 551, 553, 501)
"""What a mail server answers to an address that it will never take."""

BUSY = frozenset({-1, 45009, 130101, 410100})
"""Codes of both robots that mean: too many messages, or the service is busy; later is fine."""


class Down(RuntimeError):
    """The way out does not work now; it is tried again later."""


class Rejected(RuntimeError):
    """This address or robot will not take it however often it is tried; the sentence is for its owner."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent: `name` is the same whenever the same thing is sent again, so that a mail program shows it once."""

    subject: str
    text: str
    name: str


def is_open() -> bool:
    """Does this site send anything?"""
    return bool(settings.INBOX_MAIL or settings.INBOX_ROBOT_HOSTS)


def send(letter: Letter, channel: str, preference: Preference) -> None:
    """
    Raises:
        Down, Rejected: it did not get through.
    """
    if channel == Channel.MAIL:
        send_mail(letter, preference.person.email)
    else:
        send_robot(letter, preference)


def send_mail(letter: Letter, address: str) -> None:
    if not settings.INBOX_MAIL:
        raise Down("本站没有开通邮件")
    if not address:
        raise Rejected("你的账号没有登记邮箱，请本校管理员登记")
    host = urlsplit(settings.SITE_ADDRESS).hostname or "gongbei"
    message = EmailMessage(
        subject=letter.subject, body=letter.text, to=[address], headers={"Message-ID": f"<{letter.name}@{host}>"}
    )
    message.connection = get_connection(fail_silently=False)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as problem:
        codes = [code for code, _ in problem.recipients.values()]
        if all(code in REFUSED for code in codes):
            raise Rejected(f"邮箱 {address} 不收信，请核对后请本校管理员改正") from problem
        raise Down(f"邮件服务器现在不收：{codes}") from problem
    except (smtplib.SMTPException, OSError) as problem:
        raise Down(f"邮件服务器连不上：{type(problem).__name__}") from problem
    except ValueError as problem:
        raise Rejected(f"这封邮件拼不成，没有发出：邮箱 {address} 或标题里有邮件不认的字，请核对邮箱") from problem


def why_not(robot: str, url: str) -> str:
    """Why a robot's address is not taken; empty when it is."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        place = f"{host}:{parts.port}" if parts.port else host
    except ValueError:
        return "不是网址，请从机器人的设置里整段复制"
    if parts.scheme != "https" or parts.username or not host:
        return "要以 https:// 开头，请从机器人的设置里整段复制"
    if place not in settings.INBOX_ROBOT_HOSTS:
        return f"不是{Channel(robot).label}的地址（{place}），请从机器人的设置里整段复制"
    return ""


def signed(url: str, secret: str, milliseconds: int) -> str:
    """The address with the signature that 钉钉 asks for: HMAC-SHA256 of the time and the secret."""
    digest = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    sign = quote_plus(base64.b64encode(digest))
    return f"{url}{'&' if '?' in url else '?'}timestamp={milliseconds}&sign={sign}"


def send_robot(letter: Letter, preference: Preference, milliseconds: int | None = None) -> None:
    url, robot = preference.robot_url, preference.robot
    if problem := why_not(robot, url):
        raise Rejected(f"机器人地址{problem}")
    if robot == Channel.DINGTALK and preference.robot_secret:
        url = signed(url, preference.robot_secret, milliseconds or round(time.time() * 1000))
    text = letter.text if len(letter.text) <= MOST_CHARACTERS else f"{letter.text[:MOST_CHARACTERS]}…"
    answer = _post(url, {"msgtype": "text", "text": {"content": text}})
    code = answer.get("errcode", 0)
    if code:
        words = str(answer.get("errmsg", ""))[:100]
        if code in BUSY:
            raise Down(f"{Channel(robot).label}说稍后再发：{words}")
        raise Rejected(f"{Channel(robot).label}没有收：{words}（{code}）。请核对机器人地址、密钥和关键词")


def _post(url: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """One POST without redirects; its JSON."""
    parts = urlsplit(url)
    context = ssl.create_default_context(cafile=settings.INBOX_ROBOT_CA or None)
    connection = http.client.HTTPSConnection(
        parts.hostname or "", parts.port, timeout=settings.EMAIL_TIMEOUT, context=context
    )
    try:
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json; charset=utf-8"})
        answer = connection.getresponse()
        content = answer.read(MOST_ANSWER)
        if answer.status != 200:
            raise Down(f"机器人的服务器答 {answer.status}")
        told = json.loads(content)
        return told if isinstance(told, dict) else {}
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise Down(f"机器人的服务器连不上：{type(problem).__name__}") from problem
    finally:
        connection.close()
