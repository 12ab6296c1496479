"""The mutants runner believes a red only from tests that the unbroken code passes."""

from pathlib import Path

import pytest

from ops import mutants

DIFF = """--- a/ops/processes.py
+++ b/ops/processes.py
@@ -10,1 +10,1 @@
-LONGEST_PAUSE = 30.0
+LONGEST_PAUSE = 31.0
"""


def test_a_patch_names_its_tests() -> None:
    assert mutants.tests_of(f"# tests: tests/ops tests/groups/test_rule.py\n{DIFF}") == (
        "tests/ops",
        "tests/groups/test_rule.py",
    )


def test_a_patch_without_names_runs_the_whole_suite_nearest_tests_first() -> None:
    assert mutants.tests_of(DIFF) == ("tests/ops", "tests", *mutants.NO_BROWSER)


def test_what_the_diff_says_is_not_taken_for_its_header() -> None:
    added = DIFF.replace("+LONGEST_PAUSE = 31.0", "+# tests: tests/ops")

    assert "tests" in mutants.tests_of(added)


def test_a_patch_that_does_not_apply_is_not_red(tmp_path: Path) -> None:
    patch = tmp_path / "gone.patch"
    patch.write_text(DIFF)
    (tmp_path / "copy").mkdir()

    outcome = mutants.try_patch(patch, tmp_path / "copy")

    assert not outcome.red
    assert "does not apply" in outcome.said


@pytest.mark.parametrize(("test", "red"), [("assert LIMIT == 1", True), ("assert LIMIT", False)])
def test_a_patch_is_red_when_a_test_notices_and_the_copy_is_whole_again(tmp_path: Path, test: str, red: bool) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "pytest.ini").write_text("[pytest]\naddopts = -p no:django\n")
    (copy / "limits.py").write_text("LIMIT = 1\n")
    (copy / "test_limits.py").write_text(f"from limits import LIMIT\n\n\ndef test_limit():\n    {test}\n")
    patch = tmp_path / "limit.patch"
    patch.write_text("# tests: test_limits.py\n--- a/limits.py\n+++ b/limits.py\n@@ -1 +1 @@\n-LIMIT = 1\n+LIMIT = 2\n")

    outcome = mutants.try_patch(patch, copy)

    assert outcome.red is red
    assert (copy / "limits.py").read_text() == "LIMIT = 1\n"
