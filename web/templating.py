"""The template engine: one environment a language, so that sentences without placeholders are settled when a template
is compiled and cost nothing when it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import _lru_cache_wrapper, cache
from pathlib import Path
from types import FunctionType
from typing import Any

from asyncpg import Record
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from foundation.clock import now
from foundation.language import (
    alone,
    clock,
    day,
    days,
    gettext,
    in_tbilisi,
    label,
    language,
    moment,
    ngettext,
    number,
    percent,
    pick,
    pick_text,
    soft,
    speaking,
)
from foundation.money import money
from web.assets import asset
from web.context import href
from web.lists.kept import back_to
from web.naming import Nameless, mark

ROOT = Path(__file__).parent.parent

# Functions whose answer to the same words is always the same in one language and one version of the service.
SETTLED: dict[str, Callable[..., str]] = {"_": gettext, "gettext": gettext, "asset": asset, "href": href}


def environment() -> Environment:
    """For the current language."""
    return _environment(language.get())


@cache
def _environment(code: str) -> Environment:
    made = OurEnvironment(
        code,
        loader=FileSystemLoader(ROOT), autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False,
        undefined=StrictUndefined, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )  # fmt: skip
    made.globals.update(
        _=gettext, gettext=gettext, ngettext=ngettext, asset=asset, href=href, money=money, number=number, day=day,
        days=days, clock=clock, moment=moment, percent=percent, pick=pick, pick_text=pick_text, now=now,
        in_tbilisi=in_tbilisi,
        back_to=back_to,
    )  # fmt: skip
    made.filters["label"] = label
    made.filters["alone"] = alone
    made.filters["soft"] = soft
    made.filters["anchored"] = anchored
    made.filters["mark"] = lambda field_id: Markup(mark(field_id))
    made.tests["nameless"] = lambda sentence: isinstance(sentence, Nameless)
    return made


HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)


def anchored(aside: str) -> tuple[Markup, list[tuple[str, Markup]]]:
    """What stands beside a page, with an anchor at each of its headings: on a phone it stands below, and links lead to
    it from the top."""
    found: list[tuple[str, Markup]] = []

    def with_anchor(heading: re.Match[str]) -> str:
        found.append((f"beside-{len(found) + 1}", Markup(heading[1])))
        return f'<h2 id="{found[-1][0]}">{heading[1]}</h2>'

    return Markup(HEADING.sub(with_anchor, aside.strip())), found


class QuickContext(Context):
    """Calls a plain function or macro at once. Jinja first looks whether it wants the context, which costs more than
    most of our functions; none of them does."""

    def call(self, called: Any, *args: Any, **named: Any) -> Any:
        kind = type(called)
        if kind is Macro or kind is _lru_cache_wrapper or (kind is FunctionType and not called.__dict__):
            named.pop("_loop_vars", None)
            named.pop("_block_vars", None)
            return called(*args, **named)
        return super().call(called, *args, **named)


NEEDS_ESCAPING = re.compile("[&<>\"']").search


def printed(what: Any) -> str:
    """As it stands in the page. Words without any markup in them, nearly all that is printed, are taken as they are;
    escaping those, too, was a third of the time a list took."""
    kind = type(what)
    if kind is Markup or (kind is str and not NEEDS_ESCAPING(what)):
        return what
    return escape(what)


class Printing(CodeGenerator):
    """Writes printed(…) where Jinja writes escape(…)."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.printed(")


class OurEnvironment(Environment):
    context_class = QuickContext
    code_generator_class = Printing
    printed = staticmethod(printed)

    def __init__(self, code: str, **settings: Any):
        self.code = code
        super().__init__(**settings)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        with speaking(self.code):
            return Settling().visit(super()._parse(source, name, filename))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Columns of a record are looked up as what they are: most of what a list prints."""
        if type(obj) is Record:
            try:
                return obj[attribute]
            except KeyError:
                pass
        return super().getattr(obj, attribute)


class Settling(NodeTransformer):
    """Puts the sentence where it was asked for: _('Calls') becomes its words."""

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        called = SETTLED.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        words = [given.value for given in node.args if isinstance(given, nodes.Const)]
        plain = words and len(words) == len(node.args) and not node.kwargs
        if called is None or not plain or node.dyn_args is not None or node.dyn_kwargs is not None:
            return node
        return nodes.Const(called(*words), lineno=node.lineno)
