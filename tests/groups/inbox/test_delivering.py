"""Messages leave by mail and robots as each person wants it; nothing is lost while the way out is down."""

import json
import smtplib
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from groups.inbox import delivering, ports, things, todos
from groups.inbox.models import Channel, Delivery, Message, Preference
from groups.inbox.ports import Letter
from groups.inbox.services import About, set_preference, tell
from groups.inbox.things import Named
from groups.inbox.todos import Todo, Waiting
from groups.models import Person
from groups.viewer import Viewer
from tests.factories.town import Town

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NIGHT = NOON.replace(hour=23)
DOWN = "tests.groups.inbox.test_delivering.DownBackend"
REFUSING = "tests.groups.inbox.test_delivering.RefusingBackend"


class DownBackend(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("nobody listens")


class RefusingBackend(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"no such user") for message in messages})


@pytest.fixture(autouse=True)
def opened(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.INBOX_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr(todos, "_sources", {})


@pytest.fixture
def reader(town: Town) -> Person:
    person = town.person("teacher")
    person.email = "lin@example.org"
    person.save()
    return person


def prefer(person: Person, at: datetime = NOON, **told: Any) -> Preference:
    return set_preference(preference=Preference(person=person, **({"by_mail": True} | told)), at=at)


def say(person: Person, words: str = "第1稿提交了", at: datetime = NOON, **told: Any) -> None:
    tell(people=[person], about=About.NOTICE, words=words, at=at, **told)


def test_a_message_goes_out_once_by_mail_with_a_name_that_stays(reader: Person) -> None:
    prefer(reader)
    say(reader, url="/prep/x/")
    delivering.tick(NOON)
    delivering.tick(NOON)
    (letter,) = mail.outbox
    assert letter.to == ["lin@example.org"]
    assert letter.subject == "共备：第1稿提交了"
    assert "/prep/x/" in str(letter.body)
    assert letter.extra_headers["Message-ID"].startswith(f"<message-{Message.objects.get().pk}@")


def test_a_message_of_two_lines_goes_out_under_one_line(reader: Person) -> None:
    prefer(reader)
    say(reader, "第1稿\r\n提交\u2028了")
    delivering.tick(NOON)
    (letter,) = mail.outbox
    assert letter.subject == "共备：第1稿 提交 了"
    assert letter.message()["Subject"]


def test_an_address_that_no_letter_can_carry_stops_its_own_mail_and_nobody_elses(
    reader: Person, town: Town, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    broken = town.person("colleague")
    type(broken).objects.filter(pk=broken.pk).update(email="a\nb@example.org")
    broken.refresh_from_db()
    for person in (broken, reader):
        prefer(person)
        say(person)
    delivering.tick(NOON)
    assert [letter.to for letter in mail.outbox] == [["lin@example.org"]]
    assert Delivery.objects.get(person=broken).stopped
    assert "请核对邮箱" in delivering.trouble_of(broken)


def test_a_message_that_was_rolled_back_is_not_sent(reader: Person) -> None:
    prefer(reader)
    with transaction.atomic():
        say(reader)
        transaction.set_rollback(True)
    delivering.tick(NOON)
    assert mail.outbox == []


def test_who_asked_for_nothing_gets_nothing_and_a_closed_site_marks_nothing(reader: Person, settings: Settings) -> None:
    say(reader)
    delivering.tick(NOON)
    assert (mail.outbox, Delivery.objects.count()) == ([], 0)
    settings.INBOX_MAIL = False
    say(reader)
    assert not Message.objects.filter(to_send=True).exists()


def test_nothing_is_lost_while_mail_is_down_and_each_pause_is_longer(reader: Person, settings: Settings) -> None:
    prefer(reader)
    say(reader, "第一件")
    settings.EMAIL_BACKEND = DOWN
    now, pauses = NOON, []
    for _ in range(4):
        delivering.tick(now)
        row = Delivery.objects.get()
        pauses.append(row.not_before - now)
        now = row.not_before
    assert pauses == [timedelta(seconds=30 * 2**n) for n in range(4)]
    assert "ConnectionRefusedError" in delivering.trouble_of(reader)
    say(reader, "第二件", at=now)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    delivering.tick(now)
    (letter,) = mail.outbox
    assert "第一件" in str(letter.body)
    assert "第二件" in str(letter.body)
    assert delivering.trouble_of(reader) == ""


def test_a_worker_that_died_while_sending_leaves_the_letter_for_the_next(
    reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefer(reader)
    say(reader)

    def die(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(delivering, "send", die)
        with pytest.raises(SystemExit):
            delivering.tick(NOON)
    delivering.tick(NOON)
    assert mail.outbox == [], "leased by the one that died"
    delivering.tick(NOON + delivering.LEASE)
    assert len(mail.outbox) == 1


def test_an_address_that_is_refused_stops_is_shown_and_goes_on_when_it_is_put_right(
    client: Client, reader: Person, settings: Settings
) -> None:
    wish = prefer(reader)
    say(reader)
    settings.EMAIL_BACKEND = REFUSING
    delivering.tick(NOON)
    delivering.tick(NOON + timedelta(days=1))
    assert Delivery.objects.get().attempts == 0
    client.force_login(reader)
    assert "lin@example.org 不收信" in client.get(reverse("inbox:settings")).content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    set_preference(preference=wish, at=NOON)
    delivering.tick(NOON)
    assert len(mail.outbox) == 1


def test_in_quiet_hours_nothing_is_sent_and_in_the_morning_all_of_it_in_one(reader: Person) -> None:
    prefer(reader, quiet_from=22, quiet_to=7)
    say(reader, "夜里一件", at=NIGHT)
    delivering.tick(NIGHT)
    say(reader, "夜里两件", at=NIGHT)
    delivering.tick(NIGHT + timedelta(hours=1))
    assert mail.outbox == []
    delivering.tick(NIGHT + timedelta(hours=8))
    assert len(mail.outbox) == 1
    assert "夜里两件" in str(mail.outbox[0].body)


@pytest.mark.parametrize(
    ("quiet", "hour", "wakes"),
    [((22, 7), 23, 7), ((22, 7), 6, 7), ((22, 7), 7, 7), ((22, 7), 12, 12), ((12, 14), 13, 14), ((9, 9), 9, 9)],
)
def test_quiet_hours_end_at_their_hour(quiet: tuple[int, int], hour: int, wakes: int) -> None:
    wish = Preference(quiet_from=quiet[0], quiet_to=quiet[1])
    moment = NOON.replace(hour=hour)
    found = delivering.after_quiet_hours(wish, moment)
    assert found.hour == wakes
    assert moment <= found < moment + timedelta(days=1)


def test_a_digest_comes_at_its_hour_with_the_news_and_what_is_due(reader: Person) -> None:
    prefer(reader, rhythm="daily", hour=18)
    due = Todo("bell", "审定《梯形的面积》", "备课组", "/prep/x/", NOON, NOON.date() + timedelta(days=1))
    late = Todo("bell", "以后再说", "备课组", "/prep/y/", NOON, NOON.date() + timedelta(days=30))
    todos.register("one", lambda viewer, most: Waiting([due, late][:most], 2))
    say(reader, "一件")
    say(reader, "两件")
    delivering.tick(NOON)
    assert mail.outbox == []
    evening = NOON.replace(hour=18)
    delivering.tick(evening)
    delivering.tick(evening + timedelta(minutes=1))
    (letter,) = mail.outbox
    text = str(letter.body)
    assert all(words in text for words in ("一件", "两件", "明天：审定《梯形的面积》"))
    assert "以后再说" not in text


def test_a_weekly_digest_without_news_still_reminds_and_an_empty_one_is_not_sent(reader: Person) -> None:
    wish = prefer(reader, rhythm="weekly", hour=8, weekday=5)
    assert wish.next_digest == NOON.replace(day=20, hour=8)
    delivering.tick(NOON.replace(day=20, hour=8))
    assert mail.outbox == []
    due = Todo("bell", "提交初稿", "备课组", "/", NOON, NOON.date())
    todos.register("one", lambda viewer, most: Waiting([due][:most], 1))
    delivering.tick(NOON.replace(day=27, hour=8))
    assert [letter.subject for letter in mail.outbox] == ["共备：1 件待办快到期"]


def test_a_letter_names_a_thing_only_while_its_reader_may_see_it(
    reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_things = {"u1": Named("梯形的面积", "/r/u1/")}

    def names(uids: Any, viewer: Viewer) -> dict[str, Named]:
        return {uid: open_things[uid] for uid in uids if uid in open_things and viewer.person == reader}

    monkeypatch.setitem(things._names, "probe", names)
    prefer(reader)
    say(reader, "{thing}有新稿", thing="probe", thing_uid="u1")
    delivering.plan_deliveries(NOON)
    open_things.clear()
    delivering.send_due(NOON)
    assert "梯形" not in mail.outbox[0].subject + str(mail.outbox[0].body)
    assert "/r/u1/" not in str(mail.outbox[0].body)


def test_a_disabled_account_and_a_switched_off_channel_get_nothing(reader: Person) -> None:
    wish = prefer(reader)
    say(reader)
    delivering.plan_deliveries(NOON)
    reader.is_active = False
    reader.save()
    delivering.send_due(NOON)
    assert mail.outbox == []
    reader.is_active = True
    reader.save()
    say(reader)
    delivering.plan_deliveries(NOON)
    wish.by_mail = False
    wish.save()
    delivering.send_due(NOON)
    assert mail.outbox == []


def test_old_deliveries_are_forgotten_and_waiting_ones_never(reader: Person, settings: Settings) -> None:
    prefer(reader)
    say(reader)
    delivering.tick(NOON)
    settings.EMAIL_BACKEND = DOWN
    say(reader)
    delivering.tick(NOON)
    delivering.forget_old(NOON + timedelta(days=60))
    assert Delivery.objects.get().sent_at is None


class Robot(HTTPServer):
    """A robot's server on this machine, with a certificate of its own."""

    def __init__(self, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.answer: tuple[int, dict[str, Any]] = (200, {"errcode": 0, "errmsg": "ok"})

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Robot)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append((self.path, body))
        status, told = self.server.answer
        content = json.dumps(told).encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", f"https://{self.server.place}/elsewhere")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("robot") / "both.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    made += ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    try:
        subprocess.run([*made, "-keyout", str(file), "-out", f"{file}.crt"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("openssl is not here to make a certificate")
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())
    return file


@pytest.fixture
def robot(certificate: Path, settings: Settings) -> Iterator[Robot]:
    server = Robot(certificate)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    settings.INBOX_ROBOT_HOSTS, settings.INBOX_ROBOT_CA = (server.place,), str(certificate)
    yield server
    server.shutdown()
    server.server_close()


def with_robot(person: Person, robot: Robot, kind: str = "dingtalk", **told: Any) -> Preference:
    url = f"https://{robot.place}/robot/send?access_token=abc"
    return prefer(person, by_mail=False, robot=kind, robot_url=url, **told)


def test_dingtalk_gets_one_signed_post_with_the_words(reader: Person, robot: Robot) -> None:
    wish = with_robot(reader, robot, robot_secret="SEC000")
    ports.send_robot(Letter("共备", "第1稿提交了", "x"), wish, milliseconds=1_700_000_000_000)
    ((path, body),) = robot.got
    query = parse_qs(urlsplit(path).query)
    assert query["access_token"] == ["abc"]
    assert query["timestamp"] == ["1700000000000"]
    assert query["sign"] == ["ltBBey5eZrWKh1cPzFIdz3v3xpkc4Tjx4lLsPSHqdtA="], "as openssl computes it"
    assert body == {"msgtype": "text", "text": {"content": "第1稿提交了"}}


def test_wecom_is_not_signed(reader: Person, robot: Robot) -> None:
    with_robot(reader, robot, kind="wecom", robot_secret="SEC000")
    say(reader)
    delivering.tick(NOON)
    assert "sign=" not in robot.got[0][0]


@pytest.mark.parametrize("answer", [(500, {}), (302, {}), (200, {"errcode": 45009, "errmsg": "too many"})])
def test_a_robot_that_is_busy_or_broken_is_tried_again(
    reader: Person, robot: Robot, answer: tuple[int, dict[str, Any]]
) -> None:
    with_robot(reader, robot)
    say(reader)
    robot.answer = answer
    delivering.tick(NOON)
    assert Delivery.objects.get().sent_at is None
    robot.answer = (200, {"errcode": 0})
    delivering.tick(NOON + timedelta(minutes=1))
    assert Delivery.objects.get().sent_at is not None
    assert all("/robot/send" in path for path, _ in robot.got), "a redirect is not followed"


def test_a_robot_that_rejects_is_left_alone_and_the_reason_is_shown(reader: Person, robot: Robot) -> None:
    with_robot(reader, robot)
    say(reader)
    robot.answer = (200, {"errcode": 310000, "errmsg": "sign not match"})
    delivering.tick(NOON)
    delivering.tick(NOON + timedelta(days=1))
    assert len(robot.got) == 1
    assert "sign not match" in delivering.trouble_of(reader)


@pytest.mark.parametrize(
    "url",
    [
        "http://oapi.dingtalk.com/robot/send",
        "https://169.254.169.254/latest/",
        "https://oapi.dingtalk.com@evil.example/",
        "https://oapi.dingtalk.com:8443/robot/send",
        "https://[broken",
        "javascript:alert(1)",
    ],
)
def test_only_hosts_that_the_installation_names_are_called(reader: Person, settings: Settings, url: str) -> None:
    settings.INBOX_ROBOT_HOSTS = ("oapi.dingtalk.com",)
    assert ports.why_not(Channel.DINGTALK, url)
    with pytest.raises(ports.Rejected):
        ports.send_robot(Letter("x", "x", "x"), Preference(person=reader, robot="dingtalk", robot_url=url))
    assert ports.why_not(Channel.DINGTALK, "https://oapi.dingtalk.com/robot/send?access_token=a") == ""


def test_the_settings_page_keeps_what_is_right_and_says_what_is_not(
    client: Client, reader: Person, settings: Settings
) -> None:
    settings.INBOX_ROBOT_HOSTS = ("oapi.dingtalk.com",)
    client.force_login(reader)
    url = reverse("inbox:settings")
    right: dict[str, Any] = {
        "by_mail": "on", "robot": "dingtalk", "robot_url": "https://oapi.dingtalk.com/robot/send?access_token=a",
        "robot_secret": "SEC1", "rhythm": "daily", "hour": 18, "weekday": 1, "quiet_from": 22, "quiet_to": 7,
    }  # fmt: skip
    assert client.post(url, right | {"robot_url": "https://evil.example/"}).status_code == 422
    assert client.post(url, right, follow=True).status_code == 200
    assert client.post(url, right | {"robot_secret": ""}, follow=True).status_code == 200
    own = Preference.objects.get(person=reader)
    assert own.robot_secret == "SEC1", "an empty field changes no secret"
    assert own.next_digest is not None
    assert "SEC1" not in client.get(url).content.decode()
    reader.email = ""
    reader.save()
    assert "没有登记邮箱" in client.post(url, right).content.decode()


def test_one_line_can_be_tried_out(client: Client, reader: Person, settings: Settings) -> None:
    prefer(reader)
    client.force_login(reader)
    assert "发出去了" in client.post(reverse("inbox:try"), follow=True).content.decode()
    settings.EMAIL_BACKEND = DOWN
    assert "没有发出去" in client.post(reverse("inbox:try"), follow=True).content.decode()


def test_where_nothing_is_sent_the_page_says_so(client: Client, reader: Person, settings: Settings) -> None:
    settings.INBOX_MAIL, settings.INBOX_ROBOT_HOSTS = False, ()
    client.force_login(reader)
    assert "还没有开通邮件" in client.get(reverse("inbox:settings")).content.decode()


def fill(person: Person, count: int) -> None:
    Message.objects.bulk_create(
        Message(recipient=person, about=About.NOTICE, words=f"第 {n} 件", at=NOON + timedelta(seconds=n))
        for n in range(count)
    )


def test_the_inbox_asks_no_more_questions_for_ten_thousand_messages(
    client: Client, reader: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    fill(reader, 10_000)
    client.force_login(reader)
    client.get(reverse("inbox:messages"))
    with django_assert_max_num_queries(15):
        assert client.get(reverse("inbox:messages")).status_code == 200


def test_the_inbox_of_ten_thousand_is_there_in_fifty_milliseconds(client: Client, reader: Person) -> None:
    fill(reader, 10_000)
    due = [Todo("bell", f"第 {n} 件", "备课组", "/", NOON, NOON.date() + timedelta(days=n)) for n in range(10_000)]
    todos.register("many", lambda viewer, most: Waiting(due[:most], len(due)))
    client.force_login(reader)
    for name in ("inbox:messages", "inbox:todos"):
        client.get(reverse(name))
        spent = []
        for _ in range(5):
            begun = time.process_time()
            assert client.get(reverse(name)).status_code == 200
            spent.append(time.process_time() - begun)
        assert min(spent) < 0.05, name
