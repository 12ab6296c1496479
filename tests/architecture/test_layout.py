"""What stands at the top level, and what import-linter cannot see of the layers."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.template.loader import get_template

from tests.architecture.source import BESIDE, LAYERS, ROOT, package_of, site_files, text_of, tracked

TAG = re.compile(r"""\{[%{]-?\s*(extends |include |hot |hot\()\s*["']([^"']+)["']""")
ENGINES = {"templates": "django", "jinja2": "jinja2"}
LOAD = re.compile(r"\{%-?\s*load\s+([^%]+?)\s*-?%\}")


def test_every_top_level_folder_is_a_known_one() -> None:
    folders = {package_of(path) for path in tracked() if path.parent != ROOT}

    assert folders - {*LAYERS, *BESIDE} == set()


def test_import_linter_lists_the_layers_in_the_same_order() -> None:
    listed = re.search(r'name = "Imports run downwards".*?layers = \[(.*?)\]', text_of(ROOT / "pyproject.toml"), re.S)

    assert listed
    assert tuple(re.findall(r'"(\w+)"', listed[1])) == LAYERS


def test_no_string_reference_to_a_model_points_upwards() -> None:
    upwards = [
        f"{path.relative_to(ROOT)}:{line} names {label}"
        for path in site_files(".py")
        for line, label in _model_references(path)
        if _layer_of_label(label) < LAYERS.index(package_of(path))
    ]

    assert upwards == []


def test_templates_use_only_their_own_package_and_ui() -> None:
    strangers = [
        f"{path.relative_to(ROOT)} {tag}s {name}"
        for path in site_files(".html")
        for tag, name in TAG.findall(text_of(path))
        if _template_package(name) not in {package_of(path), "ui", None}
    ]

    assert strangers == []


def test_templates_load_tags_only_from_below() -> None:
    libraries = _tag_libraries()
    upwards = [
        f"{path.relative_to(ROOT)} loads {name}"
        for path in site_files(".html")
        for found in LOAD.findall(text_of(path))
        for name in found.split(" from ")[-1].split()
        if name in libraries and LAYERS.index(libraries[name]) < LAYERS.index(package_of(path))
    ]

    assert upwards == []


def test_every_template_compiles() -> None:
    names = [
        (folder, path.as_posix().split(f"/{folder}/", 1)[1])
        for path in site_files(".html")
        for folder in ENGINES
        if f"/{folder}/" in path.as_posix()
    ]

    for folder, name in names:
        get_template(name, using=ENGINES[folder])


def _model_references(path: Path) -> Iterator[tuple[int, str]]:
    """Strings like "resources.Resource" in the module, with their line; docstrings cannot match."""
    for node in ast.walk(ast.parse(text_of(path))):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.fullmatch(r"\w+\.[A-Z]\w+", node.value)
        ):
            yield node.lineno, node.value


def _layer_of_label(label: str) -> int:
    """The layer of the app that a label names; below everything when it is not one of ours."""
    config = apps.app_configs.get(label.split(".")[0])
    package = config.name.split(".")[0] if config else ""
    return LAYERS.index(package) if package in LAYERS else len(LAYERS)


def _template_package(name: str) -> str | None:
    """The package that owns a template, or None when it is Wagtail's or Django's."""
    origin = Path(get_template(name).origin.name)  # type: ignore[attr-defined]
    return package_of(origin) if origin.is_relative_to(ROOT) and ".venv" not in origin.parts else None


def _tag_libraries() -> dict[str, str]:
    return {path.stem: package_of(path) for path in site_files(".py") if path.parent.name == "templatetags"}
