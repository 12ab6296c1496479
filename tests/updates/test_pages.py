"""The pages of updates: what waits, the three texts beside each other, the record; a teacher's own and nobody else's."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from groups.models import AuditRow
from lessons.adaptations.models import Adaptation
from lessons.prep.models import Participant, Preparation
from lessons.updates import services
from library.documents import rich
from library.resources import services as library
from library.resources.models import Resource
from tests.factories import adapting
from tests.factories.adapting import document
from tests.updates.conftest import Behind
from tests.updates.test_services import TEACHER, both_changed, stage, words

pytestmark = pytest.mark.django_db


def signed_in(behind: Behind, who: str = "teacher") -> Client:
    client = Client()
    client.force_login(behind.shared.person(who))
    return client


def address(behind: Behind) -> str:
    return reverse("updates:merge", args=[behind.mine.uid])


def html(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_page_counts_what_can_be_taken_what_is_to_decide_and_what_stays(behind: Behind) -> None:
    both_changed(behind)
    page = html(signed_in(behind), address(behind))
    assert "共案从 v1.0 更新到 v1.1" in page
    assert "<b>1</b>处可直接带入" in page
    assert "<b>1</b>处要你拿主意" in page
    assert "环节2 操作探究，教师活动" in page
    assert "<del>20 分钟</del>" in page or "<del>20</del>" in page
    assert "已处理 0 / 2 处" in page


def test_a_teacher_merges_with_the_buttons_of_the_page_and_undoes_it(behind: Behind) -> None:
    both_changed(behind)
    client, url = signed_in(behind), address(behind)
    client.post(url, {"do": "take_all"})
    client.post(url, {"do": "decide", "key": TEACHER, "way": "own", "own": "我改写的\n- 两人一组"})
    page = html(client, url)
    assert "已处理 2 / 2 处" in page
    answer = client.post(url, {"do": "finish"})
    assert answer.headers["Location"] == behind.mine.get_absolute_url()
    assert words(behind.text()) == "我改写的\n两人一组"
    record = behind.mine.updates.get().address
    page = html(client, record)
    assert "每人画一个梯形剪下来。" in page
    assert "每组发 4 个梯形学具，把它变成学过的图形。" in page
    client.post(record)
    assert words(behind.text()) == "每人画一个梯形剪下来。"
    assert "已撤销" in html(client, record)


def test_looking_writes_nothing_and_the_first_button_opens_the_update(behind: Behind) -> None:
    both_changed(behind)
    behind.mine.updates.all().delete()
    client, url = signed_in(behind), address(behind)
    before = AuditRow.objects.count()
    assert "已处理 0 / 2 处" in html(client, url)
    assert (behind.mine.updates.count(), AuditRow.objects.count()) == (0, before)
    client.post(url, {"do": "take_all"})
    assert behind.mine.updates.get().state == "open"
    assert "已处理 1 / 2 处" in html(client, url)


def test_a_place_of_five_thousand_digits_is_no_place(behind: Behind) -> None:
    both_changed(behind)
    page = html(signed_in(behind), f"{address(behind)}?p={'1' * 5000}")
    assert "已处理 0 / 2 处" in page


def test_finishing_too_early_says_how_much_is_left(behind: Behind) -> None:
    both_changed(behind)
    answer = signed_in(behind).post(address(behind), {"do": "finish"})
    assert answer.status_code == 422
    assert "还有 2 处没有处理" in answer.content.decode()


def test_a_place_that_is_gone_is_refused_with_a_sentence(behind: Behind) -> None:
    both_changed(behind)
    client = signed_in(behind)
    client.post(address(behind), {"do": "decide", "key": "stages/gone/teacher", "way": "mine"})
    assert "这一处已经变了" in html(client, address(behind))
    assert client.post(address(behind), {"do": "nonsense"}).status_code == 404


def test_hostile_words_are_shown_and_not_run(behind: Behind) -> None:
    behind.write(document(k2="<script>alert(1)</script>我的"))
    behind.revise(document(k2="<img src=x onerror=alert(2)>共案的"))
    page = html(signed_in(behind), address(behind))
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page


def test_a_move_of_both_is_told_by_its_place(behind: Behind) -> None:
    behind.write(stage(document(), "k3", order="5"))
    behind.revise(stage(document(), "k3", order="A5"))
    page = html(signed_in(behind), address(behind))
    assert "排在第 1 个" in page
    assert "排在第 2 个" in page
    assert "排在第 3 个" in page


def test_every_kind_of_change_has_a_page(behind: Behind) -> None:
    mine = document(k1="我的导入")
    behind.write(
        replace(mine, stages={k: v for k, v in mine.stages.items() if k != "k3"}, homework=rich.from_markup("我的作业"))
    )
    theirs = stage(stage(document(), "k3", title="练一练"), "k2", order="9", objectives=("o1", "o2"))
    behind.revise(replace(theirs, board=rich.from_markup("新板书"), homework=rich.from_markup("")))
    client = signed_in(behind)
    pages = html(client, address(behind)) + "".join(html(client, f"{address(behind)}?p={n}") for n in range(1, 6))
    for told in ("共案移动", "新板书", "你删去了", "共案删去了"):
        assert told in pages


@pytest.mark.parametrize("who", ["colleague", "leader", "recipient", "stranger"])
def test_nobody_else_opens_a_teachers_update_or_its_record(behind: Behind, who: str) -> None:
    update = both_changed(behind)
    services.take_all(update=update, by=behind.teacher, at=behind.shared.town.now)
    behind.decide(update, TEACHER, "mine")
    behind.finish(update)
    client = signed_in(behind, who)
    for url in (address(behind), update.address):
        assert "每人画一个梯形" not in html(client, url, client.get(url).status_code)
        assert client.get(url).status_code in (403, 404)
    assert "梯形的面积" not in html(client, reverse("updates:index"))


def test_the_list_has_what_waits_what_is_silent_and_what_was_merged(behind: Behind) -> None:
    client = signed_in(behind)
    assert "没有要处理的更新" in html(client, reverse("updates:index"))
    update = both_changed(behind)
    assert "看看改了什么" in html(client, reverse("updates:index"))
    assert "共案更新到 v1.1" in html(client, behind.mine.get_absolute_url())
    client.post(address(behind), {"do": "never"})
    assert "不再提醒的" in html(client, reverse("updates:index"))
    assert "共案更新到 v1.1" not in html(client, behind.mine.get_absolute_url())
    client.post(address(behind), {"do": "again"})
    services.take_all(update=update, by=behind.teacher, at=behind.shared.town.now)
    behind.decide(update, TEACHER, "mine")
    behind.finish(update)
    assert "合并过的" in html(client, reverse("updates:index"))


def test_a_shared_plan_that_the_teacher_may_no_longer_read_is_not_offered(behind: Behind) -> None:
    both_changed(behind)
    Participant.objects.filter(person=behind.teacher).delete()
    client = signed_in(behind)
    assert "看看改了什么，" not in html(client, reverse("updates:index"))
    assert "共案更新到" not in html(client, behind.mine.get_absolute_url())
    assert client.get(address(behind)).status_code in (302, 403)
    assert words(behind.text()) == "每人画一个梯形剪下来。"


def one_more(behind: Behind, number: int) -> None:
    """Another lesson whose shared plan moved on."""
    shared, town = behind.shared, behind.shared.town
    plans = [
        library.create(
            kind="lesson_design",
            owner=shared.person(owner),
            school=town.member,
            draft=library.Draft(f"第{number}课", document()),
            at=town.now,
        )
        for owner in ("colleague", "teacher")
    ]
    first = library.cut_version(resource=plans[0], by=shared.person("colleague"), at=town.now, label="v1.0")
    adapting.write(plans[0], shared.person("colleague"), stage(document(), "k2", minutes=22), town.now)
    second = library.cut_version(resource=plans[0], by=shared.person("colleague"), at=town.now, label="v1.1")
    made = Preparation.objects.get(pk=shared.preparation.pk)
    made.pk, made.uid, made.resource, made.settled_version, made.title = (
        None,
        f"m{number}",
        plans[0],
        second,
        f"第{number}课",
    )
    made.save(force_insert=True)
    Resource.objects.filter(pk=plans[0].pk).update(work="prep")
    Participant.objects.create(preparation=made, person=behind.teacher, school_then=town.member, joined_at=town.now)
    Adaptation.objects.create(
        resource=plans[1], teacher=behind.teacher, preparation=made, base=first, received_at=town.now
    )


def test_the_list_asks_as_much_for_ten_as_for_one(
    behind: Behind, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    both_changed(behind)
    client, url = signed_in(behind), reverse("updates:index")
    html(client, url)
    with django_assert_max_num_queries(15) as few:
        assert html(client, url).count("看看改了什么，") == 1
    asked = len(few)
    for number in range(10):
        one_more(behind, number)
    with django_assert_max_num_queries(asked) as many:
        assert html(client, url).count("看看改了什么，") == 11
    assert len(many) == asked


def test_the_merge_page_asks_as_much_for_many_places_as_for_one(
    behind: Behind, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    behind.revise(stage(document(), "k2", minutes=22))
    client, url = signed_in(behind), address(behind)
    html(client, url)
    with django_assert_max_num_queries(15) as few:
        html(client, url)
    asked = len(few)
    more = replace(document(k1="甲", k2="乙", k3="丙"), board=rich.from_markup("新板书"), tasks={})
    behind.revise(more, "v1.2")
    html(client, url)
    with django_assert_max_num_queries(asked) as many:
        html(client, url)
    assert len(many) == asked
