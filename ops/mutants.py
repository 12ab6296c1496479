"""Breaks the code on purpose, one patch at a time, and asks whether a test notices: `make mutants`.

Each tests/mutants/*.patch is a unified diff against the repository. Lines before the diff may name what must turn red:

    # tests: tests/groups/test_rule.py tests/library

Without that line the whole suite runs, browsers apart, beginning with the tests of the packages that the patch touches.
The unbroken code must pass the same tests first. A patch that no longer applies counts as not red: mend it.
Last line: `mutants: R red of N`; exit code 0 only when R = N.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parent.parent
PATCHES = ROOT / "tests" / "mutants"
NO_BROWSER = ("-m", "not proof and not browser")
SECONDS_EACH = 900
TESTS_LINE = re.compile(r"^#\s*tests:\s*(.+)$", re.MULTILINE)
NOTHING_RAN = (0, 4, 5)
"""pytest's exit codes for: all passed, a wrong command line, no test collected."""


@dataclass(frozen=True, slots=True)
class Outcome:
    patch: str
    red: bool
    said: str
    seconds: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("patches", nargs="*", type=Path, help="default: every tests/mutants/*.patch")
    chosen = parser.parse_args()
    patches = chosen.patches or sorted(PATCHES.glob("*.patch"))
    outcomes = run_all([path.resolve() for path in patches], jobs=chosen.jobs)
    red = sum(outcome.red for outcome in outcomes)
    for outcome in outcomes:
        if not outcome.red:
            print(f"NOT RED {outcome.patch}: {outcome.said}")
    print(f"mutants: {red} red of {len(patches)}")
    return 0 if patches and red == len(patches) else 1


def run_all(patches: list[Path], *, jobs: int) -> list[Outcome]:
    """Try every patch, each in one of `jobs` copies of the repository."""
    with tempfile.TemporaryDirectory(prefix="gongbei-mutants-") as folder:
        copies: Queue[Path] = Queue()
        for number in range(max(1, jobs)):
            copies.put(copy_repository(Path(folder) / str(number) / "main"))
        if not unbroken_is_green(patches, Path(folder) / "0" / "main"):
            return []

        def attempt(patch: Path) -> Outcome:
            copy = copies.get()
            try:
                outcome = try_patch(patch, copy)
            finally:
                copies.put(copy)
            print(f"{'red    ' if outcome.red else 'NOT RED'} {outcome.patch} ({outcome.seconds:.0f} s)", flush=True)
            return outcome

        with ThreadPoolExecutor(max(1, jobs)) as pool:
            return list(pool.map(attempt, patches))


def copy_repository(target: Path) -> Path:
    """Copy what is or will be committed; the environment and the reference data stay where they are."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    subprocess.run(["git", "init", "-q"], cwd=target, check=True)
    (target / "var").mkdir()
    if (ROOT / "var" / "test").exists():
        shutil.copytree(ROOT / "var" / "test", target / "var" / "test")
    return target


def try_patch(patch: Path, copy: Path) -> Outcome:
    """Apply the patch in the copy, run its tests, take it back."""
    started = time.monotonic()

    def outcome(red: bool, said: str) -> Outcome:
        return Outcome(patch.name, red, said, time.monotonic() - started)

    if problem := apply(patch, copy):
        return outcome(False, f"does not apply: {problem}")
    try:
        result = run_tests(tests_of(patch.read_text(encoding="utf-8")), copy)
    except subprocess.TimeoutExpired:
        return outcome(True, f"ran longer than {SECONDS_EACH} s")
    finally:
        apply(patch, copy, "--reverse")
    lines = result.stdout.strip().splitlines() or result.stderr.strip().splitlines()
    return outcome(result.returncode not in NOTHING_RAN, lines[-1] if lines else f"exit {result.returncode}")


def tests_of(patch: str) -> tuple[str, ...]:
    """What to run for a patch: its own line, or the whole suite, nearest tests first."""
    head = patch.split("\n--- ", 1)[0]
    if named := TESTS_LINE.search(head):
        return tuple(named[1].split())
    touched = dict.fromkeys(f"tests/{package}" for package in re.findall(r"^\+\+\+ b/(\w+)/", patch, re.MULTILINE))
    return (*(folder for folder in touched if (ROOT / folder).is_dir()), "tests", *NO_BROWSER)


def unbroken_is_green(patches: list[Path], copy: Path) -> bool:
    """Red means something only where the same tests are green without the breakage."""
    wanted = {
        word for patch in patches for word in tests_of(patch.read_text(encoding="utf-8")) if word.startswith("tests")
    }
    result = run_tests(("tests",) if "tests" in wanted else tuple(sorted(wanted)), copy, *NO_BROWSER)
    if result.returncode:
        print(f"The unbroken code is not green:\n{result.stdout[-4000:]}{result.stderr[-2000:]}")
    return result.returncode == 0


def run_tests(tests: tuple[str, ...], copy: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    reference = os.environ.get("REFERENCE_DATA", str(ROOT.parent / "shared" / "data"))
    environment = {
        name: value for name, value in os.environ.items() if name not in {"VAR_DIR", "TEST_VAR_OF", "TEST_DB"}
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider", *tests, *options],
        cwd=copy,
        env=environment | {"REFERENCE_DATA": reference, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=SECONDS_EACH,
        check=False,
    )


def apply(patch: Path, copy: Path, *options: str) -> str:
    """Returns what stood in the way, or an empty string."""
    done = subprocess.run(["git", "apply", *options, str(patch)], cwd=copy, capture_output=True, text=True, check=False)
    return done.stderr.strip() if done.returncode else ""


if __name__ == "__main__":
    sys.exit(main())
