"""The evaluation: a corpus and queries as files, answers and a table as the known-item set prints it."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from search import evaluation
from search.engines.memory import MemoryEngine
from search.evaluation import Row

CORPUS = [
    {"id": "a", "type": "教学设计", "title": "观潮 教学设计", "subject": "语文", "grade": 4, "volume": "上", "unit": 1},
    {
        "id": "b",
        "type": "微课",
        "title": "梯形的面积 微课",
        "subject": "数学",
        "grade": 5,
        "volume": "上",
        "kps": ["转化"],
    },
    {"id": "c", "type": "试题", "title": "口算", "text": "三加五等于几", "subject": "数学", "grade": 1},
]
QUERIES = [
    {"qid": "1", "rule": "exact", "query": "观潮", "rel": {"a": 2, "b": 1}},
    {"qid": "2", "rule": "pinyin", "query": "txdmj", "rel": {"b": 2}},
    {"qid": "3", "rule": "body", "query": "三加五等于几", "rel": {"c": 2}},
    {"qid": "4", "query": "五上数学 转化", "rel": {"b": 2}},
]


def write(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


def evaluate(folder: Path, engine: str, queries: list[dict[str, Any]] = QUERIES) -> str:
    out = StringIO()
    call_command(
        "search_evaluate",
        str(write(folder / "queries.jsonl", queries)),
        corpus=write(folder / "corpus.jsonl", CORPUS),
        engine=engine,
        run=folder / "run.jsonl",
        stdout=out,
    )
    return out.getvalue()


@pytest.mark.parametrize("engine", ["memory", "tantivy"])
def test_known_items_are_found_and_the_figure_stands_last(tmp_path: Path, engine: str) -> None:
    printed = evaluate(tmp_path, engine)
    assert printed.splitlines()[-1] == f"{engine} success@10 1.000 (bar 0.80)"
    answers = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    assert [(answer["qid"], answer["ids"][0]) for answer in answers] == [("1", "a"), ("2", "b"), ("3", "c"), ("4", "b")]


@pytest.mark.elasticsearch
def test_both_engines_answer_into_files_of_their_own(tmp_path: Path, elasticsearch_url: str, settings: Any) -> None:
    settings.ELASTICSEARCH_URL = elasticsearch_url
    printed = evaluate(tmp_path, "both")
    assert printed.splitlines()[-2:] == [f"{name} success@10 1.000 (bar 0.80)" for name in ("tantivy", "elasticsearch")]
    runs = [(tmp_path / f"run.{name}.jsonl").read_text() for name in ("tantivy", "elasticsearch")]
    assert [len(run.splitlines()) for run in runs] == [4, 4]


def test_below_the_bar_the_command_fails(tmp_path: Path) -> None:
    nowhere = [{"qid": "1", "query": "观潮", "rel": {"zzz": 2}}]
    with pytest.raises(SystemExit) as ended:
        evaluate(tmp_path, "memory", nowhere)
    assert ended.value.code == 1


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text('{"id": "a", "title": "b"}\n{broken\n')
    with pytest.raises(evaluation.BadLine, match=r"corpus\.jsonl 第 2 行"):
        list(evaluation.lines(tmp_path / "corpus.jsonl"))
    with pytest.raises(CommandError, match="No such file"):
        call_command(
            "search_evaluate", str(tmp_path / "no.jsonl"), corpus=tmp_path / "corpus.jsonl", run=tmp_path / "r"
        )


def test_a_record_becomes_an_entry_with_the_words_of_the_facets() -> None:
    found = evaluation.entry(CORPUS[0])
    assert dict(found.facets) == {
        "kind": ("教学设计",),
        "subject": ("语文",),
        "grade": ("四年级",),
        "volume": ("上册",),
        "unit": ("第1单元",),
    }


def test_the_table_counts_as_the_set_does() -> None:
    queries = [{"qid": str(number), "rule": "r", "query": "", "rel": {"good": 2, "fair": 1}} for number in range(4)]
    runs = {"0": ["good"], "1": ["x", "good"], "2": [*"abcde", "good"], "3": []}
    expected = Row("r", 4, at_1=0.25, at_5=0.5, at_10=0.75, mrr=(1 + 1 / 2 + 1 / 6) / 4, zero=0.25)
    rows = evaluation.table(queries, runs)
    assert rows[0] == expected
    assert [row.rule for row in rows] == ["r", "ALL"]


KNOWN_ITEM = Path(settings.REFERENCE_DATA) / "known_item"


@pytest.mark.skipif(not KNOWN_ITEM.is_dir(), reason=f"no reference data in {KNOWN_ITEM}")
def test_the_printed_table_is_that_of_score_py(tmp_path: Path) -> None:
    queries = list(evaluation.lines(KNOWN_ITEM / "queries_dev.jsonl"))[::10]
    engine = MemoryEngine()
    entries = [evaluation.entry(record) for record in evaluation.lines(KNOWN_ITEM / "corpus.jsonl")][::12]
    evaluation.build(engine, entries)
    names = evaluation.names_of(entries)
    runs = {query["qid"]: evaluation.answer(engine, query["query"], names).ids for query in queries}
    asked = write(tmp_path / "queries.jsonl", queries)
    given = write(tmp_path / "run.jsonl", [{"qid": qid, "ids": ids} for qid, ids in runs.items()])
    theirs = subprocess.run(
        [sys.executable, str(KNOWN_ITEM / "score.py"), str(asked), str(given)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert evaluation.printed(evaluation.table(queries, runs)) == theirs.stdout.rstrip("\n")


def test_the_command_runs_where_nothing_was_ever_migrated(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "search_evaluate", str(write(tmp_path / "queries.jsonl", QUERIES))]
    command += ["--corpus", str(write(tmp_path / "corpus.jsonl", CORPUS))]
    done = subprocess.run(
        [*command, "--engine", "tantivy", "--run", str(tmp_path / "run.jsonl")],
        cwd=settings.BASE_DIR,
        env=os.environ | {"VAR_DIR": str(tmp_path / "var"), "DJANGO_SETTINGS_MODULE": "config.settings.development"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines()[-1:] == ["tantivy success@10 1.000 (bar 0.80)"], done.stderr
    assert done.returncode == 0
