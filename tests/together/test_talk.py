"""Comments, thanks, following: who may, what stays, who is told."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from groups.access import Refused
from groups.inbox.models import Message
from groups.models import Studio
from groups.viewer import viewer_for
from library.resources import services as library
from library.resources.models import Resource
from library.together import jobs
from library.together.models import Comment, Follow
from library.together.services import talk
from library.together.services.talk import NotPossible
from tests.factories.town import Town, whole_design


def said(town: Town, resource: Resource, by: str = "colleague", words: str = "第三环节给了 9 分钟才够") -> Comment:
    return talk.comment(resource=resource, by=town.person(by), words=words, at=town.now)


def told(town: Town, name: str) -> list[str]:
    return [m.words for m in Message.objects.filter(recipient=town.person(name)).order_by("pk")]


def test_a_readers_comment_reaches_the_owner_and_an_answer_the_commenter(town: Town, shared: Resource) -> None:
    first = said(town, shared)
    talk.comment(resource=shared, by=town.person("teacher"), words="谢谢，我也改", at=town.now, answering=first)
    assert "黄志远评论了{thing}" in told(town, "teacher")
    assert told(town, "colleague") == ["林晓雯在{thing}回复了你"]


def test_who_may_not_read_may_not_comment(town: Town, shared: Resource) -> None:
    with pytest.raises(Refused):
        said(town, shared, by="stranger")


def test_a_comment_is_changed_until_someone_answers(town: Town, shared: Resource) -> None:
    written = said(town, shared)
    talk.edit_comment(written=written, by=town.person("colleague"), words="要 10 分钟", at=town.now)
    answer = talk.comment(resource=shared, by=town.person("teacher"), words="好", at=town.now, answering=written)
    with pytest.raises(Refused, match="还没有人回复"):
        talk.edit_comment(written=written, by=town.person("colleague"), words="要 11 分钟", at=town.now)
    talk.delete_comment(written=answer, by=town.person("teacher"), at=town.now)
    talk.edit_comment(written=written, by=town.person("colleague"), words="要 11 分钟", at=town.now)
    assert Comment.objects.get(pk=written.pk).words == "要 11 分钟"


def test_a_deleted_comment_leaves_a_trace_and_no_words(town: Town, shared: Resource, colleague: Client) -> None:
    written = said(town, shared, words="不该写的话")
    talk.delete_comment(written=written, by=town.person("teacher"), at=town.now)
    page = colleague.get(shared.get_absolute_url()).content.decode()
    assert "不该写的话" not in page
    assert "这条评论已由作者或主备人删除" in page


def test_words_and_trace_exclude_each_other_in_the_database(town: Town, shared: Resource) -> None:
    written = said(town, shared)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=written.pk).update(deleted_at=town.now, deleted_by=town.person("teacher"))


def test_a_report_reaches_the_owner_once_and_a_report_of_the_owners_words_the_administrator(
    town: Town, shared: Resource
) -> None:
    by = town.person("colleague")
    for _ in range(2):
        talk.report_comment(written=said(town, shared, "group_reviewer"), by=by, reason="说了学生的名字", at=town.now)
    own = said(town, shared, "teacher", "我自己的话")
    talk.report_comment(written=own, by=by, reason="与课无关", at=town.now)
    assert len([w for w in told(town, "teacher") if "有人举报" in w]) == 2
    assert [w for w in told(town, "school_admin") if "与课无关" in w]


@pytest.mark.parametrize(("words", "answer"), [("  ", "还没有写"), ("长" * 1001, "最多 1000 字")])
def test_a_comment_without_words_or_with_too_many_is_refused_in_words(
    town: Town, shared: Resource, words: str, answer: str
) -> None:
    with pytest.raises(NotPossible, match=answer):
        said(town, shared, words=words)


def test_thanks_are_counted_once_and_taken_back(town: Town, shared: Resource, colleague: Client) -> None:
    address = f"{shared.get_absolute_url()}thanks/"
    colleague.post(address)
    assert "1 位老师道过谢" in colleague.get(shared.get_absolute_url()).content.decode()
    colleague.post(address)
    assert "位老师道过谢" not in colleague.get(shared.get_absolute_url()).content.decode()
    with pytest.raises(NotPossible, match="自己的资料"):
        talk.toggle_thanks(resource=shared, by=town.person("teacher"), at=town.now)


def publish(town: Town, *audiences: library.Audience, studio: bool = False) -> Resource:
    resource = town.draft()
    submission = library.submit(resource=resource, by=resource.owner, audiences=audiences, at=town.now)
    town.approve_all(submission)
    return Resource.objects.get(pk=resource.pk)


def test_followers_hear_of_what_they_may_read_once(town: Town) -> None:
    for follower in ("colleague", "stranger"):
        talk.toggle_follow(by=town.person(follower), at=town.now, person=town.person("teacher"))
    Follow.objects.update(told_until=town.now.replace(year=town.now.year - 1))
    publish(town, library.Audience(organisation=town.group))
    jobs.tell_followers(town.now)
    jobs.tell_followers(town.now)
    assert told(town, "colleague") == ["你关注的林晓雯发布了{thing}"]
    assert told(town, "stranger") == []


def test_followers_of_a_studio_hear_of_its_work(town: Town, member: None) -> None:
    follower = town.person("group_reviewer")
    talk.toggle_follow(by=follower, at=town.now, studio=town.studio)
    Follow.objects.update(told_until=town.now.replace(year=town.now.year - 1))
    publish(town, library.Audience(organisation=town.studio), library.Audience(organisation=town.group))
    jobs.tell_followers(town.now)
    assert "你关注的苏文澜工作室发布了{thing}" in told(town, "group_reviewer")


def test_a_closed_studio_and_oneself_are_not_followed(town: Town) -> None:
    Studio.objects.filter(pk=town.studio.pk).update(closed_at=town.now)
    with pytest.raises(Refused):
        talk.toggle_follow(by=town.person("teacher"), at=town.now, studio=town.studio)
    with pytest.raises(NotPossible, match="不用关注自己"):
        talk.toggle_follow(by=town.person("teacher"), at=town.now, person=town.person("teacher"))


def test_a_message_names_its_thing_only_while_the_reader_may_see_it(
    town: Town, shared: Resource, colleague: Client
) -> None:
    first = said(town, shared)
    talk.comment(resource=shared, by=town.person("teacher"), words="谢谢", at=town.now, answering=first)
    assert "梯形的面积" in colleague.get("/my/messages/").content.decode()
    library.withdraw(resource=shared, by=town.person("teacher"), at=town.now)
    page = colleague.get("/my/messages/").content.decode()
    assert "梯形的面积" not in page
    assert "一份没有对你开放的资料" in page


def test_opening_a_message_reads_it_and_leads_to_its_thing(town: Town, shared: Resource, teacher: Client) -> None:
    Message.objects.all().delete()
    said(town, shared)
    message = Message.objects.get(recipient=town.person("teacher"))
    assert "1 条没读" in teacher.get("/my/messages/").content.decode()
    assert teacher.post(f"/my/messages/{message.pk}/").headers["Location"] == f"{shared.get_absolute_url()}#talk"
    assert "都读过了" in teacher.get("/my/messages/").content.decode()


def test_another_persons_message_is_not_opened(town: Town, shared: Resource, colleague: Client) -> None:
    said(town, shared)
    message = Message.objects.filter(recipient=town.person("teacher")).latest("pk")
    assert colleague.post(f"/my/messages/{message.pk}/").headers["Location"] == "/my/messages/"
    message.refresh_from_db()
    assert message.read_at is None


def test_what_is_unread_waits_on_the_home_page(town: Town, shared: Resource, teacher: Client) -> None:
    said(town, shared)
    assert "黄志远评论了《梯形的面积》" in teacher.get("/").content.decode()


def test_a_new_version_of_a_followed_resource_is_news(town: Town, shared: Resource) -> None:
    talk.toggle_follow(by=town.person("colleague"), at=town.now, resource=shared)
    Follow.objects.update(told_until=town.now.replace(year=town.now.year - 1))
    draft = library.Draft("梯形的面积", whole_design("换一个开头"))
    library.save(resource=shared, by=shared.owner, draft=draft, lock_version=1, at=town.now)
    audience = library.Audience(organisation=town.group)
    again = library.submit(resource=shared, by=shared.owner, audiences=[audience], at=town.now)
    town.approve_all(again)
    jobs.tell_followers(town.now)
    assert told(town, "colleague") == ["你关注的{thing}有了新版本"]
    assert viewer_for(town.person("colleague"), town.now).person is not None


def test_an_answer_to_a_number_that_none_can_have_is_a_comment_of_its_own(shared: Resource, colleague: Client) -> None:
    page = colleague.post(f"/r/{shared.uid}/comment/", {"words": "谢谢", "answering": "9" * 5000})
    assert page.status_code == 302
    assert Comment.objects.get(resource=shared).answers is None
