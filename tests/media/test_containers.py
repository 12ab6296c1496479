"""Who may have a file: whoever may have what contains it; an orphan is its uploader's to look at."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from groups.access import Action, may, narrow
from groups.models import Person
from groups.viewer import viewer_for
from media.models import File
from media.services import store_bytes
from tests.media.conftest import docx, pdf, picture

Upload = Callable[..., File]
Answers = dict[tuple[str, str], bool]
LOOKING = ("/f/{uid}/page/1.webp", "/f/{uid}/thumb.webp", "/f/{uid}/preview/")
ADDRESSES = ("{file}", "{file}?download=1", "/f/{uid}/page/1.webp", "/f/{uid}/thumb.webp", "/f/{uid}/preview/")


@pytest.mark.parametrize("address", LOOKING)
def test_an_orphan_is_its_uploaders_alone(
    upload: Upload, teachers_client: Client, colleague: Person, address: str
) -> None:
    file = upload("任务单.pdf", pdf())
    where = address.format(file=file.get_absolute_url(), uid=file.uid)
    stranger = Client()
    stranger.force_login(colleague)

    assert teachers_client.get(where).status_code == 200
    assert stranger.get(where).status_code == 403
    assert Client().get(where).status_code in (302, 403)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_contained_file_follows_its_container_even_against_the_uploader(
    upload: Upload, teachers_client: Client, colleague: Person, answers: Answers, address: str
) -> None:
    file = upload("任务单.pdf", pdf(), by=colleague)
    where = address.format(file=file.get_absolute_url(), uid=file.uid)
    uploader = Client()
    uploader.force_login(colleague)

    answers.update({(file.uid, "read"): True, (file.uid, "download"): True})
    assert teachers_client.get(where).status_code == 200
    answers.update({(file.uid, "read"): False, (file.uid, "download"): False})
    assert teachers_client.get(where).status_code == 403
    assert uploader.get(where).status_code == 403


def test_who_may_only_look_sees_the_pages_and_does_not_get_the_file(
    upload: Upload, teachers_client: Client, colleague: Person, answers: Answers
) -> None:
    file = upload("任务单.pdf", pdf(), by=colleague)
    answers.update({(file.uid, "read"): True, (file.uid, "download"): False})

    assert teachers_client.get(f"/f/{file.uid}/page/1.webp").status_code == 200
    assert teachers_client.get(file.get_absolute_url()).status_code == 403
    assert teachers_client.get(file.download_url).status_code == 403


def test_a_twin_follows_the_file_it_stands_for(
    upload: Upload, teachers_client: Client, colleague: Person, answers: Answers
) -> None:
    original = upload("教案.docx", docx(), by=colleague)
    twin = store_bytes(content=pdf(), name="教案.pdf", by=colleague, twin_of=original)
    page = f"/f/{twin.uid}/page/1.webp"

    assert teachers_client.get(page).status_code == 403
    answers[original.uid, "read"] = True
    assert teachers_client.get(page).status_code == 200


def test_a_disabled_account_gets_nothing(upload: Upload, teachers_client: Client, teacher: Person) -> None:
    file = upload("板书.png", picture())
    teacher.is_active = False
    teacher.save()

    assert teachers_client.get(file.get_absolute_url()).status_code in (302, 403)


def test_the_rule_and_its_queryset_twin_agree_on_files(upload: Upload, teacher: Person, colleague: Person) -> None:
    orphan, document = upload("板书.png", picture()), upload("教案.docx", docx())
    twin = store_bytes(content=pdf(), name="教案.pdf", by=teacher, twin_of=document)

    for person, mine in ((teacher, {orphan, document, twin}), (colleague, set())):
        viewer = viewer_for(person, timezone.now())
        assert set(narrow(File.objects.all(), viewer, Action.READ)) == mine
        assert {file for file in File.objects.all() if may(viewer, Action.READ, file)} == mine
        assert not narrow(File.objects.all(), viewer, Action.DOWNLOAD).exists()
