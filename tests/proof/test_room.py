"""A preparation room with 300 remarks: at most 20 questions to the database, at most 150 ms of the server's work."""

import time
from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lessons.prep.remarks import disposing, writing
from tests.factories import rooms
from tests.factories.rooms import Room
from tests.factories.shelf import build, signed_in
from tests.factories.town import Town

pytestmark = [pytest.mark.proof, pytest.mark.django_db]

REMARKS = 300
MOST_QUERIES = 20
MOST_SECONDS = 0.150
ON = ("独立想办法", "巡视", "三种做法", "房屋侧面墙", "依次投屏")


def _fill(room: Room) -> None:
    for number in range(REMARKS):
        who = ("member", "other", "third")[number % 3]
        remark = room.remark(by=who, on=ON[number % 5], words=f"第{number}条：这里再想想")
        if number % 3 == 0:
            writing.reply(remark=remark, by=room.people["lead"], words="好", at=room.now)
        if number % 4 == 0:
            disposing.dispose(remark=remark, by=room.people["lead"], disposition="resolved", at=room.now)


@pytest.mark.parametrize("who", ["lead", "member"])
def test_a_room_with_300_remarks_opens_at_once(town: Town, who: str) -> None:
    room = rooms.build(build(town))
    _fill(room)
    client, address = signed_in(room.people[who]), reverse("remarks:room", args=[room.preparation.uid])
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address).content.decode()
    assert page.count("<article") == REMARKS
    assert len(asked) <= MOST_QUERIES
    spent = []
    for _ in range(7):
        began = time.process_time()
        client.get(address)
        spent.append(time.process_time() - began)
    print(f"{len(asked)} queries, {median(spent) * 1000:.0f} ms")
    assert median(spent) <= MOST_SECONDS
