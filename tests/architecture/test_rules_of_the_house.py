"""The rules that a reader could forget and a tool must not."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from secondstory.access.rows import Guarded

SOURCE = Path(__file__).parents[2] / "src" / "secondstory"
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
# Sign-in libraries query persons through the default manager.
OPEN_TABLES = {"Person"}
NAMES_WE_DO_NOT_USE = {"utils", "common", "helpers", "core", "base", "manager", "managers", "service", "services"}
# Django looks for an engine under this name.
NAMED_BY_DJANGO = SOURCE / "site" / "postgresql" / "base.py"
# Restoring fills every table at once, and is nobody's change.
RESTORING = SOURCE / "cli" / "backup.py"
LONGEST_FILE = 300
LONGEST_FUNCTION = 40

OURS = [model for model in apps.get_models() if model.__module__.startswith("secondstory.")]
WRITES = {"save", "delete", "create", "bulk_create", "bulk_update", "update", "update_or_create", "get_or_create"}


def named(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_table_is_reached_through_eyes(model: type[models.Model]) -> None:
    manager = model._default_manager
    assert model.__name__ in OPEN_TABLES or isinstance(manager, Guarded)
    assert "visible_to" in dir(manager._queryset_class) or hasattr(manager, "visible_to")


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_no_row_can_be_reached_backwards(model: type[models.Model]) -> None:
    forward = [
        field for field in model._meta.get_fields() if isinstance(field, models.ForeignKey | models.ManyToManyField)
    ]
    assert [field.name for field in forward if not field.remote_field.hidden] == []


@pytest.mark.parametrize("path", FILES, ids=named)
def test_for_system_always_says_why(path: Path) -> None:
    for call in ast.walk(ast.parse(path.read_text())):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "for_system":
            reason = call.args[0] if call.args else None
            assert isinstance(reason, ast.Constant), f"line {call.lineno}"
            assert len(str(reason.value).split()) > 1, f"line {call.lineno}"


@pytest.mark.parametrize("path", [path for path in FILES if path.name in {"views.py", "api.py"}], ids=named)
def test_pages_and_api_never_write_nor_read_for_the_system(path: Path) -> None:
    for call in ast.walk(ast.parse(path.read_text())):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            assert call.func.attr != "for_system", f"line {call.lineno} reads without eyes"
            # `router.delete` names an HTTP method, nothing more.
            of = call.func.value.id if isinstance(call.func.value, ast.Name) else ""
            assert of.endswith("changes") or of == "router" or call.func.attr not in WRITES, (
                f"line {call.lineno} writes outside changes.py"
            )


@pytest.mark.parametrize("path", FILES, ids=named)
def test_transactions_begin_in_changes_only(path: Path) -> None:
    if path.name == "changes.py" or path.name.endswith("_changes.py") or path == RESTORING:
        return
    assert "transaction.atomic" not in path.read_text()


@pytest.mark.parametrize("path", FILES, ids=named)
def test_files_and_functions_stay_readable(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, f"{node.name} is too long"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_names_say_what_a_thing_is(path: Path) -> None:
    assert path.stem not in NAMES_WE_DO_NOT_USE or path == NAMED_BY_DJANGO
    assert not NAMES_WE_DO_NOT_USE & set(path.relative_to(SOURCE).parts)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_nothing_is_left_for_later_and_nothing_asserts_in_the_product(path: Path) -> None:
    text = path.read_text()
    assert "TODO" not in text
    assert "FIXME" not in text
    assert not any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(text)))
