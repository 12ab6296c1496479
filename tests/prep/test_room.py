"""The preparation room's page: what stands where, what one may do, and how much it asks of the database."""

import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from lessons.prep.models import Preparation, Remark
from lessons.prep.remarks import disposing, writing
from library.documents import rich
from library.resources import services
from library.resources.services.indexing import touch
from search import engines, worker
from tests.factories import rooms
from tests.factories.rooms import OBJECTIVE, Room
from tests.factories.shelf import build, signed_in
from tests.factories.town import Town

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20


@pytest.fixture
def room(town: Town) -> Room:
    return rooms.build(build(town))


@pytest.fixture
def lead(room: Room) -> Client:
    return signed_in(room.people["lead"])


@pytest.fixture
def member(room: Room) -> Client:
    return signed_in(room.people["member"])


def _page(client: Client, room: Room, **asked: str | int) -> str:
    answer = client.get(reverse("remarks:room", args=[room.preparation.uid]), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def _post(client: Client, room: Room, name: str, *more: int, **sent: str | int) -> str:
    """The page after the deed."""
    answer = client.post(reverse(f"remarks:{name}", args=[room.preparation.uid, *more]), sent, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def _card(page: str, remark: Remark) -> str:
    found = re.search(rf'<article[^>]*id="remark-{remark.pk}".*?</article>', page, re.DOTALL)
    assert found is not None
    return found[0]


def test_a_remark_stands_under_its_words_and_beside_its_stage(room: Room, lead: Client) -> None:
    remark = room.remark(on="独立想办法", words="怕冷场。")
    page = _page(lead, room)
    assert f'<span class="redline" data-line="{remark.pk}">独立想办法</span>' in page
    block = page[page.index('data-block="stages/k2"') : page.index('data-block="stages/k3"')]
    assert "怕冷场。" in _card(block, remark)


def test_remarks_are_numbered_from_the_top_of_each_block(room: Room, lead: Client) -> None:
    second, first = room.remark(on="巡视"), room.remark(on="房屋侧面墙")
    other = room.remark(on="愿意动手量、动手算", path=OBJECTIVE)
    page = _page(lead, room)
    numbers = [re.search(r"<b>(\d+) ", _card(page, remark))[1] for remark in (first, second, other)]  # type: ignore[index]
    assert numbers == ["1", "2", "1"]


def test_a_suggestion_stands_in_the_text_as_it_would_be(room: Room, lead: Client) -> None:
    remark = room.suggestion("独立想办法", "一起想办法")
    page = _page(lead, room)
    assert "<del>独立</del>" in page
    assert "<ins data-skip>一起</ins>" in page
    assert "<del>独立</del><ins>一起</ins>想办法" in _card(page, remark)


def test_the_lead_adopts_with_one_button_and_takes_it_back_with_another(room: Room, lead: Client) -> None:
    remark = room.suggestion("独立想办法", "一起想办法")
    page = _post(lead, room, "dispose", remark.pk, disposition="adopted")
    assert "已采纳，改好的话写进了教案" in page
    assert reverse("remarks:reopen", args=[room.preparation.uid, remark.pk]) in page
    assert "黄志远计入参备署名" in _card(page, remark)
    assert "第1稿之后" in page
    assert "已撤销，教案里的话也改回来了" in _post(lead, room, "reopen", remark.pk)


def test_declining_without_a_reason_is_said_on_the_page(room: Room, lead: Client) -> None:
    remark = room.remark()
    assert "理由：不采纳请写一句为什么" in _post(lead, room, "dispose", remark.pk, disposition="declined")
    page = _post(lead, room, "dispose", remark.pk, disposition="declined", reason="学具不够")
    assert "学具不够" in _card(page, remark)


def test_a_member_sees_no_buttons_that_are_the_leads(room: Room, member: Client, lead: Client) -> None:
    room.remark(by="other")
    assert "/dispose/" not in _page(member, room)
    assert "/dispose/" in _page(lead, room)


def test_a_remark_is_written_without_scripts_from_the_button_of_its_place(room: Room, member: Client) -> None:
    page = _page(member, room)
    address = re.search(r'href="([^"]*at=stages/k2/teacher[^"]*)"', page)
    assert address is not None
    form = member.get(address[1].replace("&amp;", "&")).content.decode()
    assert "环节2 教师活动" in form
    sent = {"at": "stages/k2/teacher", "draft": 1, "kind": "question", "quote": "巡视", "words": "巡视时看什么？"}
    assert "批注已写下" in _post(member, room, "write", **sent)  # type: ignore[arg-type]
    assert Remark.objects.get().quote == "巡视"


def test_what_was_typed_stays_when_the_quoted_words_are_not_in_the_text(room: Room, member: Client) -> None:
    sent = {"at": "stages/k2/teacher", "draft": 1, "kind": "note", "quote": "没有的话", "words": "我写了很久"}
    page = _post(member, room, "write", **sent)  # type: ignore[arg-type]
    assert "对不上" in page
    assert "我写了很久" in page


def test_an_answer_a_change_and_a_report_have_pages_of_their_own(room: Room, member: Client) -> None:
    own, other = room.remark(), room.remark(by="other")
    assert "批注已改" in _post(member, room, "edit", own.pk, words="改过的话")
    assert "已回复" in _post(member, room, "reply", other.pk, words="同意")
    assert "已告诉主备人" in _post(member, room, "report", other.pk, words="和教案无关")
    assert "还没有写" in _post(member, room, "reply", other.pk, words=" ")
    assert "已删除，原处留有记录" in _post(member, room, "delete", own.pk)
    assert "这条批注已由本人删除" in _card(_page(member, room), own)


def test_a_vote_is_counted_on_the_page(room: Room, member: Client) -> None:
    ballot = room.remark(by="organiser", kind="ballot", words="放课上还是课后？")
    assert "同意 1" in _card(_post(member, room, "vote", ballot.pk, voice="for"), ballot)


def test_a_remark_on_a_deleted_stage_stands_with_the_whole_and_says_so(room: Room, lead: Client) -> None:
    remark = room.remark(on="独立想办法")
    document = rooms.lesson()
    room.rewrite(replace(document, stages={k: s for k, s in document.stages.items() if k != "k2"}))
    room.next_draft()
    page = _page(lead, room)
    card = _card(page[page.index('id="b-stages"') if 'id="b-stages"' in page else 0 :], remark)
    assert "原文已改（写于第1稿）。" in card
    assert "独立想办法" in card
    assert page.index(f'id="remark-{remark.pk}"') < page.index('data-block="stages/k1"')


def test_a_remark_of_an_earlier_draft_moves_with_its_words(room: Room, lead: Client) -> None:
    remark = room.remark(on="独立想办法")
    document = rooms.lesson()
    teacher = rich.from_markup("先复习。" + room.text())
    stages = {**document.stages, "k2": replace(document.stages["k2"], teacher=teacher, order="5z")}
    room.rewrite(replace(document, stages=stages))
    room.next_draft()
    page = _page(lead, room)
    assert f'<span class="redline" data-line="{remark.pk}">独立想办法</span>' in page
    assert "原文已改" not in _card(page, remark)


def test_disposed_remarks_of_earlier_drafts_are_with_all_drafts_only(room: Room, lead: Client) -> None:
    remark = room.remark(words="第一稿时说的话")
    disposing.dispose(remark=remark, by=room.people["lead"], disposition="resolved", at=room.now)
    room.next_draft()
    assert "第一稿时说的话" not in _page(lead, room)
    assert "第一稿时说的话" in _page(lead, room, only="every")
    assert "第一稿时说的话" in _page(lead, room, draft=1)


def test_mine_are_those_that_i_wrote_answered_or_am_named_in(room: Room, member: Client) -> None:
    own, named, answered = room.remark(words="甲"), room.remark(by="other", words="@黄志远 看"), room.remark(by="third")
    other = room.remark(by="other", words="与我无关")
    writing.reply(remark=answered, by=room.people["member"], words="同意", at=room.now)
    page = _page(member, room, only="mine")
    shown = {remark.pk for remark in (own, named, answered, other) if f'id="remark-{remark.pk}"' in page}
    assert shown == {own.pk, named.pk, answered.pk}


def test_two_drafts_are_compared_by_place_and_character(room: Room, member: Client, lead: Client) -> None:
    remark = room.suggestion("独立想办法", "一起想办法")
    disposing.dispose(remark=remark, by=room.people["lead"], disposition="adopted", at=room.now)
    address = reverse("remarks:compare", args=[room.preparation.uid])
    to_now = f"{address}?old=1&new=now"
    assert member.get(to_now).status_code == 403
    assert "<del>独立</del><ins>一起</ins>" in lead.get(to_now).content.decode()
    room.next_draft()
    page = member.get(address, {"old": 1, "new": 2}).content.decode()
    assert "共 1 处不同" in page
    assert "环节2 教师活动" in page
    assert member.get(address, {"old": 1, "new": 9}).status_code == 404


@pytest.mark.parametrize("asked", [{"draft": "x"}, {"draft": "99"}, {"only": "nonsense"}])
def test_an_address_with_nonsense_shows_the_last_draft(room: Room, lead: Client, asked: dict[str, str]) -> None:
    assert "第1稿" in _page(lead, room, **asked)


def test_a_stranger_is_refused_in_words_and_learns_no_title(room: Room) -> None:
    stranger = signed_in(room.people["stranger"])
    remark = room.remark()
    for name in ("room", "write", "compare"):
        answer = stranger.get(reverse(f"remarks:{name}", args=[room.preparation.uid]))
        assert answer.status_code == 403
        assert "组合图形" not in answer.content.decode()
    for name in ("edit", "report", "reply"):
        assert stranger.get(reverse(f"remarks:{name}", args=[room.preparation.uid, remark.pk])).status_code == 404


def test_a_remark_is_not_reached_through_another_preparation(room: Room, member: Client) -> None:
    remark = room.remark()
    assert member.get(reverse("remarks:edit", args=["nothere", remark.pk])).status_code == 404


def test_after_the_discussion_the_margin_is_read_only(room: Room, member: Client) -> None:
    remark = room.remark(words="还看得到")
    Preparation.objects.filter(pk=room.preparation.pk).update(state="for_approval")
    page = _page(member, room)
    assert "还看得到" in _card(page, remark)
    assert "/remarks/new/" not in page


def test_a_private_discussion_is_in_nobody_elses_search(room: Room, settings: Settings) -> None:
    settings.SEARCH_ENGINE = "memory"
    engines.forget()
    room.remark(on="独立想办法", words="云山校容易冷场，方格是个台阶。")
    public = room.shelf.town.published(services.Audience())
    touch(room.plan)
    worker.drain()
    stored = {one.key: one.stored for one in engines.current().held()}
    assert public.title in stored[f"resource:{public.uid}"]
    assert not [key for key, words in stored.items() if "冷场" in words]
    for name in ("stranger", "approver", "member", "lead"):
        page = signed_in(room.people[name]).get("/search/", {"q": "容易冷场"}).context["page"]
        assert (name, page.total) == (name, 0)
    engines.forget()


def _crowd(room: Room, count: int) -> None:
    """So many remarks with an answer each, spread over the text, every third disposed of."""
    words = ("独立想办法", "巡视", "三种做法", "房屋侧面墙", "依次投屏")
    for number in range(count):
        who = ("member", "other", "third")[number % 3]
        remark = room.remark(by=who, on=words[number % 5], words=f"第{number}条：这里再想想")
        writing.reply(remark=remark, by=room.people["lead"], words="好", at=room.now)
        if number % 3 == 0:
            disposing.dispose(remark=remark, by=room.people["lead"], disposition="resolved", at=room.now)


def test_the_room_asks_the_database_as_often_for_many_remarks_as_for_few(room: Room, lead: Client) -> None:
    address = reverse("remarks:room", args=[room.preparation.uid])
    _crowd(room, 3)
    room.next_draft()
    counts = []
    for more in (2, 12):
        _crowd(room, more)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            lead.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= MOST_QUERIES
