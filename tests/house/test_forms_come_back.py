"""Nothing a person typed is gone after a refusal: one rule for all forms, and no handler that goes round it."""

import ast
import re
from pathlib import Path

from entrypoints.web import litestar_app
from web.forms.errors import GIVEN_BACK

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("accounts", "grants", "monitoring")
PAGES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("pages.py"))

# Who reads a form without being given back: buttons with a hidden field, where nobody typed anything.
BUTTONS = {
    "grants/applications/pages.py:start": "which of one's organisations applies",
    "grants/calls/manage/pages.py:part_move": "up or down",
    "monitoring/reports/writing/pages.py:remove_file": "where to go back to",
}


def handlers(path: Path):
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
            decorators = [ast.unparse(each) for each in node.decorator_list]
            if any(re.match(r"(get|post|put|delete|patch)\(", each) for each in decorators):
                yield f"{path.relative_to(ROOT)}:{node.name}", node


def test_no_handler_of_a_page_catches_anything():
    found = {
        name
        for path in PAGES
        for name, node in handlers(path)
        if any(isinstance(each, ast.Try) for each in ast.walk(node))
    }
    assert found == set()


def test_no_handler_reads_a_form_past_the_rule():
    found = {name for path in PAGES for name, node in handlers(path) if re.search(r"\bread_form\(", ast.unparse(node))}
    assert found == set(BUTTONS)


def test_whoever_takes_a_form_gives_it_back():
    for route in litestar_app(manage_pool=False).routes:
        for handler in getattr(route, "route_handlers", ()):
            if "form" in handler.parsed_fn_signature.parameters and "POST" in handler.http_methods:
                assert hasattr(handler.fn, GIVEN_BACK), f"{route.path} takes a form and does not give it back"
