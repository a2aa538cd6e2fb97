"""An application's content made ready to be read: words for answers, amounts as numbers. Reviews show it so too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.language import label
from grants.applications import shapes
from grants.applications.budget import Category


def readable(content: Mapping[str, Any]) -> dict[str, Any]:
    """The same document; questions gain `said` (the answer in words) and `wrong` (what is not right about it), budget
    lines numbers and the word of their category."""
    currency = content["currency"]
    budget = [_line(line) for line in content.get("budget", [])]
    whole = sum((line["amount"] for line in budget), Decimal(0))
    own = sum((line["own_share"] for line in budget), Decimal(0))
    return {
        **content,
        "sections": [
            {**each, "questions": [_question(question, currency) for question in each["questions"]]}
            for each in content.get("sections", [])
        ],
        "budget": budget,
        "whole": whole,
        "own": own,
        "asked": whole - own,
        "documents": content.get("documents", []),
        "other_files": content.get("other_files", []),
        "starts_on": _date(content.get("starts_on")),
        "ends_on": _date(content.get("ends_on")),
    }


def _question(question: Mapping[str, Any], currency: str) -> dict[str, object]:
    typed = (question.get("value") or "").strip()
    return {
        **question,
        "said": shapes.in_words(question, typed, currency),
        "wrong": shapes.wrong(question, typed) if typed else None,
    }


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    numbers = {name: Decimal(line[name]) for name in ("quantity", "unit_cost", "amount", "own_share")}
    return {**line, **numbers, "category_words": label(Category(line["category"]))}


def _date(written: Any) -> date | None:
    return date.fromisoformat(written) if isinstance(written, str) else written


def option_pairs(question: Any) -> list[tuple[str, str]]:
    """(value, words) for a field; the question is a row or a part of the content."""
    options = question["options"] if isinstance(question, Mapping) else question.options
    return [(option["value"], shapes.option_words(option)) for option in options]
