"""Rows that have a key are named by it, or carry it: what somebody adds meanwhile moves no word into another row."""

import ast
import importlib
import re
from pathlib import Path
from typing import get_args, get_origin

from pydantic import BaseModel

from foundation.merging import TableLine

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("accounts", "grants", "monitoring")
# Merged as one and given their key when they are saved: `value` travels with the words.
AS_ONE = {"QuestionForm.options"}
# A name of a field that is made of the place of its row.
PLACE = re.compile(r"'[a-z_]+\.' ~ (?:loop\.index0?|n|number|place)\b")


def models_of_pages() -> set[type[BaseModel]]:
    """What the pages parse their forms as."""
    found = set()
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        text = path.read_text("utf-8")
        if "parse(" not in text:
            continue
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "parse":
                found.update(models_named(module, ast.unparse(node.args[0]).partition("[")[0]))
    return found


def models_named(module, name: str) -> list[type[BaseModel]]:
    found = module
    for step in name.split("."):
        found = getattr(found, step, None)
    several = found.values() if isinstance(found, dict) else [found]
    return [each for each in several if isinstance(each, type) and issubclass(each, BaseModel)]


def rows_by_place(model: type[BaseModel]) -> set[str]:
    """Fields that are lists of rows which carry no id of their own."""
    found = set()
    for name, about in model.model_fields.items():
        for each in (about.annotation, *get_args(about.annotation)):
            of = get_args(each)[0] if get_origin(each) is list else None
            if isinstance(of, type) and issubclass(of, BaseModel) and not issubclass(of, TableLine):
                found.add(f"{model.__name__}.{name}")
    return found


def without_their_key(template: str) -> bool:
    """Whether rows are named by place and none of their fields says which row it is."""
    return bool(PLACE.search(template)) and not re.search(r"c\.(carried|hidden)\([^,]*(id|value)'", template)


def test_lists_of_rows_in_forms_carry_an_id_or_stand_under_their_key():
    models = models_of_pages()
    assert {"Promises", "AllAccepted", "Plan", "Calendar", "QuestionForm"} <= {model.__name__ for model in models}
    assert {name for model in models for name in rows_by_place(model)} == AS_ONE


def test_rows_that_templates_name_by_place_carry_their_id():
    templates = {path: path.read_text("utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.html")}
    by_place = {str(path.relative_to(ROOT)) for path, text in templates.items() if PLACE.search(text)}
    assert by_place == {
        "grants/applications/templates/budget.html",
        "grants/awards/templates/budget.html",
        "grants/awards/templates/calendar.html",
        "grants/calls/manage/templates/part.html",
        "grants/disbursements/templates/plan.html",
    }
    assert [path for path, text in templates.items() if without_their_key(text)] == []


def test_rows_named_by_place_are_found():
    class Row(BaseModel):
        indicator: str

    class Given(BaseModel):
        rows: list[Row] = []

    assert rows_by_place(Given) == {"Given.rows"}
    assert without_their_key("{% set field = 'promises.' ~ loop.index0 %}{{ c.hidden(field ~ '.indicator', row.key) }}")
    assert not without_their_key("{% set f = 'lines.' ~ n ~ '.' %}{{ c.carried(f ~ 'id', row.id) }}")
