"""Remarks: who writes and answers them, what becomes of them, and what a suggestion does to the text."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from groups.access import Refused
from groups.inbox.models import Message
from groups.services import NotPossible
from lessons.prep.models import Preparation, Remark, Reply
from lessons.prep.remarks import counting, disposing, writing
from lessons.prep.remarks.mentions import named_in
from library.documents import rich
from tests.factories import rooms
from tests.factories.rooms import TEACHER, Room
from tests.factories.shelf import build
from tests.factories.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(town: Town) -> Room:
    return rooms.build(build(town))


def _dispose(room: Room, remark: Remark, disposition: str, reason: str = "", by: str = "lead") -> Remark:
    person = room.people[by]
    return disposing.dispose(remark=remark, by=person, disposition=disposition, reason=reason, at=room.now)


@pytest.mark.parametrize("who", ["member", "lead", "organiser", "expert", "approver"])
def test_who_takes_part_writes_a_remark_at_the_quoted_words(room: Room, who: str) -> None:
    written = room.remark(by=who, on="独立想办法")
    assert (written.quote, written.path) == ("独立想办法", "stages/k2/teacher")
    assert room.text()[written.start : written.end] == "独立想办法"


def test_the_school_of_that_day_stays_with_a_remark(room: Room) -> None:
    assert room.remark().school_then == room.shelf.town.lead


@pytest.mark.parametrize(("who", "kind"), [("stranger", "note"), ("approver", "suggestion"), ("lead", "suggestion")])
def test_who_may_not_say_so_is_refused(room: Room, who: str, kind: str) -> None:
    with pytest.raises(Refused):
        room.remark(by=who, on="独立想办法", kind=kind, replacement="一起想办法")


@pytest.mark.parametrize("state", ["drafting", "for_approval"])
def test_before_and_after_the_discussion_nobody_remarks(room: Room, state: str) -> None:
    Preparation.objects.filter(pk=room.preparation.pk).update(state=state)
    room.preparation.refresh_from_db()
    with pytest.raises(Refused):
        room.remark()


def test_words_that_stand_twice_or_nowhere_are_asked_for_again(room: Room) -> None:
    with pytest.raises(NotPossible, match="多选几个字"):
        room.remark(on="分成")
    with pytest.raises(NotPossible, match="对不上"):
        room.remark(on="并没有写过的话")


def test_an_offset_tells_like_words_apart(room: Room) -> None:
    second = room.text().rindex("分成")
    place = writing.Place(TEACHER, "分成", second)
    written = writing.remark(
        preparation=room.preparation,
        draft=room.draft,
        by=room.people["member"],
        place=place,
        said=writing.Said("note", "这里"),
        at=room.now,
    )
    assert written.start == second


def test_a_place_that_the_draft_has_not_is_refused_in_words(room: Room) -> None:
    with pytest.raises(NotPossible, match="刷新"):
        room.remark(path=("stages", "k9", "teacher"))


def test_nothing_written_and_too_much_are_refused(room: Room) -> None:
    with pytest.raises(NotPossible, match="还没有写"):
        room.remark(words="  ")
    with pytest.raises(NotPossible, match="最多 1000 字，现在 1001 字"):
        room.remark(words="字" * 1001)


def test_the_same_form_sent_twice_writes_one_remark(room: Room) -> None:
    first, second = room.remark(ticket="t1"), room.remark(ticket="t1")
    assert first == second
    assert Remark.objects.count() == 1


def test_the_lead_is_told_and_who_is_named(room: Room) -> None:
    room.remark(by="member", words="@陈立言老师，你们班试讲过吗？")
    told = dict(Message.objects.values_list("recipient__name", "words"))
    assert told == {
        "陈立言": "黄志远在{thing}的批注里提到了你",
        "林晓雯": "黄志远在{thing}写了批注",
    }


def test_names_are_called_by_their_longest_fit_and_strangers_not_at_all() -> None:
    names = {"陈立", "陈立言", "周敏"}
    assert named_in("@陈立言看一下，@周敏 也看，@何川不在", names) == {"陈立言", "周敏"}


def test_an_answer_goes_to_the_author_and_to_who_answered_before(room: Room) -> None:
    asked = room.remark(by="member", kind="question", words="12 分钟够吗？")
    writing.reply(remark=asked, by=room.people["other"], words="我班用了 16 分钟", at=room.now)
    Message.objects.all().delete()
    writing.reply(remark=asked, by=room.people["lead"], words="练习减一题", at=room.now)
    assert set(Message.objects.values_list("recipient__name", flat=True)) == {"黄志远", "陈立言"}


def test_a_remark_is_changed_until_somebody_answers(room: Room) -> None:
    written = room.remark()
    writing.edit(written=written, by=room.people["member"], words="改过的话", at=room.now)
    writing.reply(remark=written, by=room.people["other"], words="同意", at=room.now)
    with pytest.raises(Refused):
        writing.edit(written=written, by=room.people["member"], words="再改", at=room.now)
    written.refresh_from_db()
    assert written.words == "改过的话"


def test_a_disposed_remark_is_changed_no_more(room: Room) -> None:
    written = room.remark()
    _dispose(room, written, "resolved")
    with pytest.raises(Refused):
        writing.edit(written=written, by=room.people["member"], words="再改", at=room.now)


def test_deleting_leaves_a_trace_and_the_answers(room: Room) -> None:
    written = room.remark(on="独立想办法")
    writing.reply(remark=written, by=room.people["other"], words="同意", at=room.now)
    writing.delete(written=written, by=room.people["member"], at=room.now)
    written.refresh_from_db()
    assert (written.words, written.deleted_by, written.replies.count()) == ("", room.people["member"], 1)
    assert not written.is_open


@pytest.mark.parametrize(("who", "may"), [("lead", True), ("other", False), ("organiser", False)])
def test_the_author_and_the_lead_delete_and_nobody_else(room: Room, who: str, may: bool) -> None:
    written = room.remark()
    if may:
        writing.delete(written=written, by=room.people[who], at=room.now)
        return
    with pytest.raises(Refused):
        writing.delete(written=written, by=room.people[who], at=room.now)


def test_a_report_reaches_the_lead_and_of_the_leads_own_words_the_organiser(room: Room) -> None:
    for author, moderator in (("member", "林晓雯"), ("lead", "方静")):
        written = room.remark(by=author)
        Message.objects.all().delete()
        for _ in range(2):
            writing.report(written=written, by=room.people["other"], reason="和教案无关", at=room.now)
        assert list(Message.objects.values_list("recipient__name", flat=True)) == [moderator]


def test_a_voice_counts_once_a_person_and_may_change_while_the_ballot_is_open(room: Room) -> None:
    ballot = room.remark(by="lead", kind="ballot", words="拓展题放课上还是课后？")
    for voice in ("for", "against"):
        writing.vote(remark=ballot, by=room.people["member"], voice=voice, at=room.now)
    assert list(ballot.votes.values_list("voice", flat=True)) == ["against"]
    _dispose(room, ballot, "resolved")
    with pytest.raises(NotPossible, match="已经结束"):
        writing.vote(remark=ballot, by=room.people["other"], voice="for", at=room.now)


@pytest.mark.parametrize("who", ["lead", "organiser", "approver", "stranger"])
def test_only_members_and_experts_vote(room: Room, who: str) -> None:
    ballot = room.remark(by="organiser", kind="ballot")
    with pytest.raises(Refused):
        writing.vote(remark=ballot, by=room.people[who], voice="for", at=room.now)


@pytest.mark.parametrize("who", ["member", "organiser", "expert", "approver", "stranger"])
def test_nobody_but_the_lead_disposes(room: Room, who: str) -> None:
    with pytest.raises(Refused):
        _dispose(room, room.remark(), "resolved", by=who)


def test_declining_needs_a_reason(room: Room) -> None:
    written = room.remark()
    with pytest.raises(NotPossible, match="理由"):
        _dispose(room, written, "declined", "  ")
    assert _dispose(room, written, "declined", "学具不够").reason == "学具不够"


def test_a_remark_is_disposed_of_once(room: Room) -> None:
    written = room.remark()
    _dispose(room, written, "resolved")
    with pytest.raises(NotPossible, match="林晓雯已经处理过这条批注：已解决"):
        _dispose(room, written, "adopted")


def test_an_adopted_suggestion_stands_in_the_text_and_goes_out_again(room: Room) -> None:
    before = room.text()
    written = room.suggestion("独立想办法", "先在方格底图上画一画，再想办法")
    _dispose(room, written, "adopted")
    assert room.text() == before.replace("独立想办法", "先在方格底图上画一画，再想办法")
    disposing.reopen(remark=written, by=room.people["lead"], at=room.now)
    written.refresh_from_db()
    assert (room.text(), written.is_open) == (before, True)


def test_a_suggestion_to_leave_words_out_goes_in_and_out_again(room: Room) -> None:
    before = room.text()
    written = room.suggestion("独立", "")
    _dispose(room, written, "adopted")
    assert room.text() == before.replace("独立", "")
    disposing.reopen(remark=written, by=room.people["lead"], at=room.now)
    assert room.text() == before


def test_two_suggestions_in_one_sentence_are_both_taken_over(room: Room) -> None:
    first, second = room.suggestion("独立想办法", "一起想办法"), room.suggestion("房屋侧面墙", "学校围墙")
    for written in (first, second):
        _dispose(room, written, "adopted")
    assert room.text().startswith("出示学校围墙的图形，请学生一起想办法求面积。")
    disposing.reopen(remark=first, by=room.people["lead"], at=room.now)
    assert room.text().startswith("出示学校围墙的图形，请学生独立想办法求面积。")


def test_where_the_words_were_changed_a_suggestion_is_not_forced_in(room: Room) -> None:
    written = room.suggestion("独立想办法", "一起想办法")
    document = rooms.lesson()
    teacher = rich.from_markup("出示图形，请学生小组讨论。")
    stages = {**document.stages, "k2": replace(document.stages["k2"], teacher=teacher)}
    room.rewrite(replace(document, stages=stages))
    with pytest.raises(NotPossible, match="原文已改"):
        _dispose(room, written, "adopted")
    written.refresh_from_db()
    assert written.is_open
    assert room.text() == "出示图形，请学生小组讨论。"


def test_where_a_taken_over_text_was_changed_again_nothing_is_taken_back(room: Room) -> None:
    written = room.suggestion("独立想办法", "一起想办法")
    _dispose(room, written, "adopted")
    document = rooms.lesson()
    room.rewrite(document)
    with pytest.raises(NotPossible, match="后来又改过"):
        disposing.reopen(remark=written, by=room.people["lead"], at=room.now)


def test_somebody_who_saved_in_between_loses_nothing(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    written = room.suggestion("独立想办法", "一起想办法")
    save = disposing.save

    def late(**asked: object) -> object:
        room.rewrite(replace(rooms.lesson(), board=rich.from_markup("板书")))
        return save(**asked)  # type: ignore[arg-type]

    monkeypatch.setattr(disposing, "save", late)
    with pytest.raises(NotPossible, match="请再点一次"):
        _dispose(room, written, "adopted")
    written.refresh_from_db()
    assert written.is_open
    assert "独立想办法" in room.text()


@pytest.mark.parametrize(
    ("on", "replacement", "says"),
    [("", "甲", "先选中"), ("独立想办法", "独立想办法", "一样"), ("独立想办法", "一起\n想", "换行")],
)
def test_a_suggestion_that_cannot_be_taken_over_is_refused_when_written(
    room: Room, on: str, replacement: str, says: str
) -> None:
    with pytest.raises(NotPossible, match=says):
        room.suggestion(on, replacement)


def test_what_is_open_who_spoke_and_whose_words_were_adopted(room: Room) -> None:
    adopted = room.suggestion("独立想办法", "一起想办法")
    partly = room.remark(by="member")
    own = room.remark(by="lead")
    declined = room.remark(by="other")
    waiting = room.remark(by="expert")
    _dispose(room, adopted, "adopted")
    _dispose(room, partly, "partly")
    _dispose(room, own, "adopted")
    _dispose(room, declined, "declined", "时间不够")
    writing.reply(remark=waiting, by=room.people["third"], words="同意", at=room.now)
    assert counting.open_remarks(room.preparation) == 1
    people = room.people
    assert counting.spoken(room.preparation) == {people[n].pk for n in ("member", "other", "lead", "expert", "third")}
    assert [(c.person, c.adopted) for c in counting.contributions(room.preparation)] == [(people["member"], 2)]


def test_deleting_an_adopted_remark_loses_no_credit(room: Room) -> None:
    written = room.remark()
    _dispose(room, written, "adopted")
    writing.delete(written=written, by=room.people["member"], at=room.now)
    assert [c.adopted for c in counting.contributions(room.preparation)] == [1]


def test_who_only_voted_has_spoken_too(room: Room) -> None:
    ballot = room.remark(by="organiser", kind="ballot")
    writing.vote(remark=ballot, by=room.people["third"], voice="abstain", at=room.now)
    assert room.people["third"].pk in counting.spoken(room.preparation)


def test_a_remark_on_a_topic_without_a_draft_stands_on_the_whole(room: Room) -> None:
    written = writing.remark(
        preparation=room.preparation,
        draft=None,
        by=room.people["member"],
        place=writing.Place(),
        said=writing.Said("note", "这个主题很好"),
        at=room.now,
    )
    assert (written.path, written.draft) == ("", None)


def test_an_answer_is_changed_and_deleted_like_a_remark(room: Room) -> None:
    written = room.remark()
    answer = writing.reply(remark=written, by=room.people["other"], words="同意", at=room.now)
    writing.edit(written=answer, by=room.people["other"], words="很同意", at=room.now)
    writing.delete(written=answer, by=room.people["other"], at=room.now)
    assert Reply.objects.get().deleted_by == room.people["other"]


Deed = Callable[[Room, Remark], object]


@pytest.mark.parametrize(
    "deed",
    [
        lambda room, remark: writing.reply(remark=remark, by=room.people["other"], words="同意", at=room.now),
        lambda room, remark: writing.report(written=remark, by=room.people["other"], reason="不妥", at=room.now),
        lambda room, remark: _dispose(room, remark, "resolved"),
    ],
)
def test_nothing_is_done_to_a_deleted_remark(room: Room, deed: Deed) -> None:
    written = room.remark()
    writing.delete(written=written, by=room.people["member"], at=room.now)
    with pytest.raises(NotPossible, match="已经删除"):
        deed(room, written)


@pytest.mark.parametrize("replacement", ["先在方格底图上画一画，再想办法", ""])
def test_taken_back_after_its_author_deleted_it_the_text_is_as_before(room: Room, replacement: str) -> None:
    before = room.text()
    written = room.suggestion("独立想办法", replacement)
    _dispose(room, written, "adopted")
    writing.delete(written=written, by=room.people["member"], at=room.now)
    disposing.reopen(remark=written, by=room.people["lead"], at=room.now)
    assert room.text() == before


class TestTheSameFormSentAtTheSameMoment:
    """The second one asked before the first had written."""

    def test_writes_one_remark(self, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
        first = room.remark(ticket="t1")
        self._ask_too_early(monkeypatch)
        assert room.remark(ticket="t1") == first
        assert Remark.objects.count() == 1

    def test_writes_one_answer(self, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = {"remark": room.remark(), "by": room.people["other"], "words": "好", "at": room.now, "ticket": "t1"}
        first = writing.reply(**asked)
        self._ask_too_early(monkeypatch)
        assert writing.reply(**asked) == first
        assert Reply.objects.count() == 1

    def test_never_answers_with_what_somebody_else_wrote(self, room: Room) -> None:
        room.remark(by="member", ticket="t1")
        with pytest.raises(NotPossible, match="表单已经用过"):
            room.remark(by="other", ticket="t1")
        assert Remark.objects.count() == 1

    def _ask_too_early(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real, asked = writing._sent_before, iter([True])
        monkeypatch.setattr(writing, "_sent_before", lambda *what: None if next(asked, False) else real(*what))
