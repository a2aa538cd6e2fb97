"""What a call still lacks before anybody may approve it: every gap at once, each with the page that mends it; pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from foundation.clock import now
from foundation.language import LANGUAGES, ngettext, number, pick_text
from foundation.language import gettext as _
from foundation.money import money
from grants.calls.kinds import Kind
from grants.calls.tables import Call, Criterion, EligibilityCriterion, RequiredDocument, Section


@dataclass(frozen=True)
class Gap:
    """`page` is the last part of the address under the call's own: texts, terms, parts/criteria …"""

    sentence: str
    page: str


@dataclass(frozen=True)
class Whole:
    """A call with everything that belongs to it; `left` is what the programme's budget leaves for this call; None where
    the programme has no limits in its currency."""

    call: Call
    sections: list[Section]
    criteria: list[Criterion]
    documents: list[RequiredDocument]
    eligibility: list[EligibilityCriterion]
    left: Decimal | None


def gaps_of(whole: Whole) -> list[Gap]:
    return [*_texts(whole.call), *_terms(whole), *_questions(whole.sections), *_criteria(whole), *_lists(whole)]


def _texts(call: Call) -> list[Gap]:
    names = {
        "title": {"ka": _("The title is missing in Georgian."), "en": _("The title is missing in English.")},
        "summary": {"ka": _("The summary is missing in Georgian."), "en": _("The summary is missing in English.")},
        "text": {
            "ka": _("The text of the call is missing in Georgian."),
            "en": _("The text of the call is missing in English."),
        },
        "eligibility": {
            "ka": _("Who may apply is not said in Georgian."),
            "en": _("Who may apply is not said in English."),
        },
    }
    return [
        Gap(sentences[code], "texts")
        for field, sentences in names.items()
        for code in LANGUAGES
        if not _said(call, f"{field}_{code}")
    ]


def _terms(whole: Whole) -> list[Gap]:
    call, found = whole.call, []
    if call.deadline <= now():
        found.append(Gap(_("The deadline has passed already."), "terms"))
    if whole.left is None:
        sentence = _(
            "The programme has no limits in {currency}: an operator sets them before there is a call in it.",
            currency=call.currency,
        )
        found.append(Gap(sentence, "terms"))
    elif call.envelope > whole.left:
        sentence = _(
            "The envelope is {envelope}, but the programme has {left} left beside its other calls.",
            envelope=money(call.envelope, call.currency),
            left=money(max(whole.left, Decimal(0)), call.currency),
        )
        found.append(Gap(sentence, "terms"))
    if not call.municipality_ids:
        found.append(Gap(_("No municipality is chosen."), "terms"))
    if call.decision_due and call.decision_due <= call.deadline.date():
        found.append(Gap(_("The decision is promised for a day before the deadline."), "terms"))
    if call.invited_only and not call.invited_ids:
        found.append(Gap(_("The call is for invited organisations, but none is invited."), "invitations"))
    return found


def _questions(sections: list[Section]) -> list[Gap]:
    page = "parts/sections"
    if not any(section.questions for section in sections):
        return [Gap(_("There are no questions yet."), page)]
    found = []
    for section in sections:
        found += _pair(section, "title", pick_text(section, "title"), page)
        found += _help(section, pick_text(section, "title"), page)
        if not section.questions:
            sentence = _("The section “{name}” has no questions.", name=pick_text(section, "title"))
            found.append(Gap(sentence, page))
        for question in section.questions:
            name = pick_text(question, "label")
            found += _pair(question, "label", name, page)
            found += _help(question, name, page)
            found += _options(question, name, page)
    return found


def _options(question: Any, name: str, page: str) -> list[Gap]:
    if question.kind != Kind.CHOICE:
        return []
    if len(question.options) < 2:
        return [Gap(_("“{name}” needs at least two answers to choose from.", name=name), page)]
    if any(not (option.get(code) or "").strip() for option in question.options for code in LANGUAGES):
        return [Gap(_("An answer of “{name}” is missing in one language.", name=name), page)]
    return []


def _criteria(whole: Whole) -> list[Gap]:
    page = "parts/criteria"
    if not whole.criteria:
        return [Gap(_("There are no award criteria yet."), page)]
    found = []
    for criterion in whole.criteria:
        found += _pair(criterion, "title", pick_text(criterion, "title"), page)
        found += _help(criterion, pick_text(criterion, "title"), page)
    weight = sum(criterion.weight for criterion in whole.criteria)
    if weight != 100:
        found.append(Gap(_("The weights of the criteria add up to {sum}, not to 100.", sum=number(weight)), page))
    return found


def _lists(whole: Whole) -> list[Gap]:
    found = []
    if not whole.eligibility:
        found.append(Gap(_("There are no eligibility criteria yet."), "parts/eligibility"))
    for criterion in whole.eligibility:
        found += _pair(criterion, "title", pick_text(criterion, "title"), "parts/eligibility")
    for document in whole.documents:
        found += _pair(document, "title", pick_text(document, "title"), "parts/documents")
        found += _help(document, pick_text(document, "title"), "parts/documents")
    return found


def _pair(row: object, field: str, name: str, page: str) -> list[Gap]:
    missing = {
        "ka": _("“{name}” is missing in Georgian.", name=name),
        "en": _("“{name}” is missing in English.", name=name),
    }
    return [Gap(missing[code], page) for code in LANGUAGES if not _said(row, f"{field}_{code}")]


def _help(row: object, name: str, page: str) -> list[Gap]:
    """Help may be left out, but then in both languages."""
    said = [code for code in LANGUAGES if _said(row, f"help_{code}")]
    if len(said) != 1:
        return []
    missing = {
        "en": _("The help for “{name}” is missing in Georgian.", name=name),
        "ka": _("The help for “{name}” is missing in English.", name=name),
    }
    return [Gap(missing[said[0]], page)]


def _said(row: object, name: str) -> bool:
    return bool((getattr(row, name) or "").strip())


def how_many(gaps: list[Gap]) -> str:
    return ngettext(
        "The call is not complete: {n} thing is missing.",
        "The call is not complete: {n} things are missing.",
        len(gaps),
    )
