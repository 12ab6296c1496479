"""An import in the background: previewed, confirmed once, carried out by the worker, told in its row."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from groups.models import Person
from groups.roster import jobs, reading
from groups.roster.models import ImportJob, ImportPayload
from groups.services import NotPossible
from tests.factories.town import Town
from tests.roster.books import book, teacher

pytestmark = pytest.mark.django_db


def upload(town: Town, content: bytes | None = None) -> ImportJob:
    content = content or book(教师=[teacher(), teacher("002", 手机号="1")])
    return jobs.start(content=content, name="人员.xlsx", by=town.person("school_admin"), at=town.now)


def worked(town: Town, job: ImportJob) -> ImportJob:
    jobs.tick(town.now)
    job.refresh_from_db()
    return job


def imported() -> list[str]:
    return list(Person.objects.exclude(staff_number="").values_list("staff_number", flat=True))


def test_the_worker_previews_and_nothing_is_written_before_somebody_confirms(town: Town) -> None:
    job = worked(town, upload(town))
    assert (job.state, job.rows) == ("ready", 2)
    assert job.counts == {"教师": {"new": 1, "updated": 0, "same": 0, "bad": 1}}
    assert imported() == []
    jobs.confirm(job=job, by=town.person("school_admin"), at=town.now)
    job = worked(town, job)
    assert (job.state, job.done, job.percent, imported()) == ("done", 2, 100, ["001"])
    assert job.payload.bad_rows[0]["problems"] == ["教师表 第 3 行 手机号：“1”不是 11 位手机号，请核对"]
    assert bytes(job.payload.workbook) == b""


def test_an_import_is_confirmed_once_and_a_dropped_one_never(town: Town) -> None:
    admin = town.person("school_admin")
    job = worked(town, upload(town))
    jobs.confirm(job=job, by=admin, at=town.now)
    with pytest.raises(NotPossible, match="不能再确认"):
        jobs.confirm(job=job, by=admin, at=town.now)
    with pytest.raises(NotPossible, match="不能放弃"):
        jobs.drop(job=job, by=admin, at=town.now)
    worked(town, job)
    other = worked(town, upload(town))
    jobs.drop(job=other, by=admin, at=town.now)
    assert worked(town, other).state == "dropped"
    with pytest.raises(NotPossible, match="不能再确认"):
        jobs.confirm(job=other, by=admin, at=town.now)


def test_nobody_confirms_the_import_of_somebody_else(town: Town) -> None:
    job = worked(town, upload(town))
    with pytest.raises(ImportJob.DoesNotExist):
        jobs.confirm(job=job, by=town.person("city_officer"), at=town.now)


def test_a_file_without_a_known_sheet_ends_in_its_row_with_the_reason(town: Town) -> None:
    from tests.roster.test_reading import _headed

    job = worked(town, upload(town, _headed("甲", sheet="名单")))
    assert job.state == "failed"
    assert "没有认识的工作表" in job.notes[0]
    with pytest.raises(reading.UnreadableFile):
        upload(town, b"no workbook")


def test_a_run_whose_worker_died_is_finished_by_the_next_without_doing_anything_twice(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groups.roster.importing.CHUNK", 2)
    job = worked(town, upload(town, book(教师=[teacher(f"{n:03}") for n in range(7)])))
    jobs.confirm(job=job, by=town.person("school_admin"), at=town.now)
    job.refresh_from_db()
    steps = jobs._steps(job, town.now)
    for _ in range(3):
        next(steps)
    del steps
    assert len(imported()) == 4
    job = worked(town, ImportJob.objects.get(pk=job.pk))
    assert (job.state, job.counts["教师"]["new"], len(imported())) == ("done", 7, 7)


def test_two_workers_on_one_import_write_each_chunk_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groups.roster.importing.CHUNK", 2)
    job = worked(town, upload(town, book(教师=[teacher(f"{n:03}") for n in range(7)])))
    jobs.confirm(job=job, by=town.person("school_admin"), at=town.now)
    one, other = (jobs._steps(ImportJob.objects.get(pk=job.pk), town.now) for _ in range(2))
    next(one)
    next(other)
    next(one)
    assert list(other) == []
    assert len(list(one)) == 3
    job.refresh_from_db()
    assert (job.state, job.counts["教师"]["new"], len(imported())) == ("done", 7, 7)


def test_a_slice_of_work_is_short_and_the_next_turn_goes_on(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groups.roster.importing.CHUNK", 1)
    monkeypatch.setattr(jobs, "SLICE_SECONDS", 0.0)
    job = upload(town, book(教师=[teacher("001"), teacher("002")]))
    turns = 0
    while worked(town, job).state != "ready":
        turns += 1
        assert turns < 10
    assert turns > 1


def test_an_accident_is_told_in_the_row_and_does_not_block_the_next_import(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, other = upload(town), upload(town)

    def burst(*args: object) -> None:
        raise RuntimeError("boom")

    with monkeypatch.context() as patch:
        patch.setattr("groups.roster.teachers.TeacherPlanner.plan", burst)
        with pytest.raises(RuntimeError):
            jobs.tick(town.now)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "请再导入一次同一个文件" in job.notes[0]
    assert worked(town, other).state == "ready"


def test_what_an_import_held_is_forgotten_after_thirty_days(town: Town) -> None:
    job = worked(town, upload(town))
    jobs.forget_old(town.now + jobs.KEPT)
    assert ImportPayload.objects.count() == 1
    jobs.forget_old(town.now + jobs.KEPT + timedelta(days=1))
    assert ImportPayload.objects.count() == 0
    assert ImportJob.objects.filter(pk=job.pk).exists()


def test_the_command_says_every_problem_and_writes_the_bad_rows_beside_the_file(
    town: Town, tmp_path: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "人员.xlsx"  # type: ignore[operator]
    path.write_bytes(book(教师=[teacher(), teacher("002", 手机号="1")]))
    call_command("people_import", str(path), "--dry-run")
    assert "教师：新增 1，更新 0，不变 0，有误 1" in capsys.readouterr().out
    assert imported() == []
    call_command("people_import", str(path))
    out = capsys.readouterr().out
    assert "教师表 第 3 行 手机号" in out
    assert path.with_name("人员_有误的行.xlsx").exists()
    assert imported() == ["001"]
    exported = tmp_path / "导出.xlsx"  # type: ignore[operator]
    call_command("people_export", str(exported))
    capsys.readouterr()
    call_command("people_import", str(exported), "--dry-run")
    assert "新增 1" not in capsys.readouterr().out


def test_the_command_acts_with_somebodys_rights_and_refuses_what_it_cannot_read(
    town: Town, tmp_path: pytest.TempPathFactory
) -> None:
    path = tmp_path / "人员.xlsx"  # type: ignore[operator]
    path.write_bytes(book(教师=[teacher(学校="清源实验小学")]))
    call_command("people_import", str(path), "--by", town.person("school_admin").uid)
    assert imported() == []
    with pytest.raises(CommandError, match="没有这个人"):
        call_command("people_import", str(path), "--by", "nobody")
    with pytest.raises(CommandError, match="读不到文件"):
        call_command("people_import", "absent.xlsx")
    path.write_bytes(b"x")
    with pytest.raises(CommandError, match="不是 .xlsx 工作簿".replace(".", r"\.")):
        call_command("people_import", str(path))
