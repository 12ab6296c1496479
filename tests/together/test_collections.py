"""Collections and wishes: what a reader may not see is not there, without a gap or a count."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from groups.access import Refused
from groups.inbox.models import Message
from groups.models import Nature, Organisation, Role
from library.resources import services as library
from library.resources.models import Favourite, Resource
from library.together.models import Collection, Wish
from library.together.services import collecting, wishing
from library.together.services.collecting import Reader
from library.together.services.talk import NotPossible
from tests.factories import people
from tests.factories.shelf import Shelf, signed_in
from tests.factories.town import Town

Audience = library.Audience


def collection(town: Town, *readers: Reader, by: str = "teacher", body: Organisation | None = None) -> Collection:
    return collecting.start(
        by=town.person(by),
        title="图形的面积",
        summary="",
        organisation=body,
        readers=readers,
        at=town.now,
    )


def filled(town: Town) -> Collection:
    """One thing for the group and one for the school alone."""
    made = collection(town, Reader(town.group))
    for body, title in ((town.group, "给集团的"), (town.member, "只给本校的")):
        draft = town.draft(title=title)
        town.approve_all(
            library.submit(resource=draft, by=draft.owner, audiences=[Audience(organisation=body)], at=town.now)
        )
        draft.refresh_from_db()
        collecting.put(collection=made, resource=draft, by=town.person("teacher"), note="", at=town.now)
    return made


def test_items_a_reader_may_not_see_leave_no_gap_and_no_count(town: Town, colleague: Client, teacher: Client) -> None:
    made = filled(town)
    page = colleague.get(made.get_absolute_url()).content.decode()
    assert "给集团的" in page
    assert "只给本校的" not in page
    assert "1 份" in colleague.get("/c/").content.decode()
    assert "2 份" in teacher.get("/c/").content.decode()


def test_who_is_no_reader_finds_neither_the_collection_nor_its_page(town: Town, client: Client) -> None:
    made = filled(town)
    assert client.get(made.get_absolute_url()).status_code == 403
    assert "图形的面积" not in client.get("/c/").content.decode()


def test_a_collection_of_ones_own_is_shown_to_no_stranger_and_never_to_everybody(town: Town) -> None:
    with pytest.raises(Refused, match="公开的专题"):
        collection(town, Reader(None))
    with pytest.raises(Refused, match="你所在的机构"):
        collection(town, Reader(people.organisation("school", "外校")))


def test_a_studios_topic_is_curated_by_its_host_and_by_nobody_else(town: Town, shared: Resource) -> None:
    with pytest.raises(Refused, match="管理员或主持人"):
        collection(town, body=town.studio)
    made = collection(town, Reader(None), by="host", body=town.studio)
    people.post(town.person("host"), town.lead, Role.TEACHER)
    collecting.put(collection=made, resource=shared, by=town.person("host"), note="割补讲得最清楚", at=town.now)
    new_host = people.person("新主持")
    people.post(new_host, town.studio, Role.HOST, Nature.SEAT)
    item = made.items.get()
    collecting.take_out(item=item, by=new_host, at=town.now)
    with pytest.raises(Refused):
        collecting.describe(collection=made, by=new_host, title="改名", summary="", readers=(), at=town.now)
    with pytest.raises(Refused):
        collecting.put(collection=made, resource=shared, by=town.person("teacher"), note="", at=town.now)


def test_items_change_places(town: Town) -> None:
    made = filled(town)
    first, second = made.items.all()
    collecting.move(item=second, by=town.person("teacher"), up=True, at=town.now)
    assert list(made.items.order_by("order")) == [second, first]


def test_narrowing_the_readers_closes_the_page_at_once(town: Town, colleague: Client) -> None:
    made = filled(town)
    collecting.describe(collection=made, by=town.person("teacher"), title="面积", summary="", readers=(), at=town.now)
    assert colleague.get(made.get_absolute_url()).status_code == 403


def test_a_collection_is_made_and_filled_on_the_pages(town: Town, shared: Resource, teacher: Client) -> None:
    teacher.post("/c/new/", {"title": "面积", "summary": "三份", "readers": [town.group.uid]})
    made = Collection.objects.get()
    page = teacher.post(
        f"{shared.get_absolute_url()}collect/", {"collection": made.uid, "note": "好用"}, follow=True
    ).content.decode()
    assert "已收进“面积”" in page
    assert "好用" in teacher.get(made.get_absolute_url()).content.decode()
    assert "标题：还没有填" in teacher.post("/c/new/", {"title": " "}).content.decode()


LISTS = ("/c/", "/wishes/", "/my/following/", "/my/messages/", "/my/favourites/", "/review/", "/my/library/")


def test_lists_cost_the_same_at_any_size(town: Town) -> None:
    client, made = signed_in(town.person("colleague")), collection(town, Reader(town.group))
    addresses = (*LISTS, made.get_absolute_url())
    _grow(town, made, 10)
    few = {address: _queries(client, address) for address in addresses}
    _grow(town, made, 8)
    assert {address: _queries(client, address) for address in addresses} == few
    assert max(few.values()) <= 15, few


def _grow(town: Town, made: Collection, more: int) -> None:
    from library.together.services import talk

    reader = town.person("colleague")
    for _ in range(more):
        resource = town.published(Audience(person=reader))
        collecting.put(collection=made, resource=resource, by=town.person("teacher"), note="", at=town.now)
        collection(town, Reader(town.group))
        Wish.objects.create(asker=town.person("teacher"), words="剪拼动画", at=town.now)
        talk.toggle_follow(by=reader, at=town.now, resource=resource)
        Favourite.objects.create(person=reader, resource=resource, folder="面积")
        written = talk.comment(resource=resource, by=reader, words="好", at=town.now)
        talk.comment(resource=resource, by=resource.owner, words="谢", at=town.now, answering=written)


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_favourites_lie_in_folders(town: Town, shared: Resource, colleague: Client) -> None:
    colleague.post(f"{shared.get_absolute_url()}favourite/")
    page = colleague.post("/my/favourites/", {"of": [shared.uid], "folder": "期中复习"}, follow=True)
    assert "1 份已放进“期中复习”" in page.content.decode()
    assert "梯形的面积" in colleague.get("/my/favourites/?folder=期中复习").content.decode()
    assert "还没有勾选" in colleague.post("/my/favourites/", {"folder": "空"}, follow=True).content.decode()


def test_a_wish_is_answered_with_what_the_asker_may_read_and_the_asker_is_told(town: Town, shared: Resource) -> None:
    wish = wishing.ask(by=town.person("colleague"), words="梯形剪拼动画", at=town.now)
    secret = town.published(Audience(organisation=town.member))
    with pytest.raises(NotPossible, match="还看不到这份资料"):
        wishing.answer(wish=wish, by=town.person("teacher"), resource=secret, words="", at=town.now)
    wishing.answer(wish=wish, by=town.person("teacher"), resource=shared, words="试试这份", at=town.now)
    words = Message.objects.filter(recipient=town.person("colleague"), about="wish").get().words
    assert words == "林晓雯回应了你求的“梯形剪拼动画”：{thing}"


def test_a_wish_is_closed_by_its_asker_alone_and_then_takes_no_answers(town: Town, shared: Resource) -> None:
    wish = wishing.ask(by=town.person("colleague"), words="梯形剪拼动画", at=town.now)
    with pytest.raises(Refused):
        wishing.close(wish=wish, by=town.person("teacher"), at=town.now)
    wishing.close(wish=wish, by=town.person("colleague"), at=town.now)
    with pytest.raises(NotPossible, match="已经解决"):
        wishing.answer(wish=wish, by=town.person("teacher"), resource=shared, words="", at=town.now)


def test_an_answer_that_the_viewer_may_not_read_is_not_on_the_page(town: Town) -> None:
    wish = wishing.ask(by=town.person("school_reviewer"), words="校内的", at=town.now)
    secret = town.published(Audience(organisation=town.member))
    wishing.answer(wish=wish, by=town.person("teacher"), resource=secret, words="给你", at=town.now)
    assert secret.uid in signed_in(town.person("school_reviewer")).get(wish.get_absolute_url()).content.decode()
    outsider = signed_in(town.person("stranger")).get(wish.get_absolute_url()).content.decode()
    assert secret.uid not in outsider
    assert "给你" not in outsider


def test_a_hidden_answer_is_not_told_of_in_the_list(town: Town) -> None:
    wish = wishing.ask(by=town.person("school_reviewer"), words="校内的", at=town.now)
    secret = town.published(Audience(organisation=town.member))
    wishing.answer(wish=wish, by=town.person("teacher"), resource=secret, words="给你", at=town.now)
    assert "有人回应" in signed_in(town.person("school_reviewer")).get("/wishes/").content.decode()
    assert "还没人回应" in signed_in(town.person("stranger")).get("/wishes/").content.decode()


def test_a_search_that_found_nothing_becomes_a_wish_with_its_words(shelf: Shelf, colleague: Client) -> None:
    page = colleague.get("/wishes/ask/", headers={"referer": "http://testserver/search/?q=梯形剪拼动画"})
    assert 'value="梯形剪拼动画"' in page.content.decode()
    colleague.post("/wishes/ask/", {"words": "梯形剪拼动画", "node": shelf.lesson.uid, "kind": "material"})
    wish = Wish.objects.get()
    assert (wish.node, wish.kind, wish.school_then) == (shelf.lesson, "material", shelf.town.lead)
    assert "梯形剪拼动画" in colleague.get(f"/wishes/?node={shelf.lesson.uid}").content.decode()


@pytest.mark.parametrize(
    "form", [{"words": ""}, {"words": "长" * 121}, {"words": "x", "kind": "nonsense"}, {"words": "\x00", "node": "?"}]
)
def test_a_wrong_wish_is_answered_in_words(town: Town, colleague: Client, form: dict[str, str]) -> None:
    response = colleague.post("/wishes/ask/", form)
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()


def test_a_wish_answered_with_nonsense_says_so(town: Town, teacher: Client) -> None:
    wish = wishing.ask(by=town.person("colleague"), words="动画", at=town.now)
    page = teacher.post(f"{wish.get_absolute_url()}answer/", {"address": "乱写"}, follow=True)
    assert page.status_code == 200
    assert not wish.answers.exists()
