"""The agreement as people read it: both languages, the prevailing one first, every number of the award in it."""

import io
from decimal import Decimal

import pypdf
import pytest

from grants.awards.document import body_of, pdf_of
from tests.builders.awards import an_award
from tests.builders.indicators import a_promise, an_indicator


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize(("written", "prevailing", "codes"), [
    ("both", "ka", ["ka", "en"]), ("both", "en", ["en", "ka"]), ("ka", "ka", ["ka"]), ("en", "en", ["en"]),
])  # fmt: skip
async def test_languages_of_the_agreement(written, prevailing, codes, cast):
    award = await an_award(cast, state="drafting", agreement_language=written, prevailing_language=prevailing)
    body = await body_of(award, 1)
    assert [text["lang"] for text in body["texts"]] == codes


async def test_the_document_says_what_was_agreed(cast):
    award = await an_award(
        cast, state="drafting", amount=Decimal("6000.50"), special_conditions_en="Meetings are held in the town hall.",
        special_conditions_ka="შეხვედრები იმართება მერიის შენობაში.",
    )  # fmt: skip
    text = text_of(await pdf_of(await body_of(award, 1)))
    flat = " ".join(text.split())
    for said in (
        award.reference, "Vani Youth", "400000001", "Imereti Curator", "€6,000.50", "six thousand euros and fifty cents",
        "€3,000.25", "the Georgian text prevails", "Funded by the European Union", "Meetings are held in the town hall.",
        "report 1 is accepted", "interim report", "final report",
    ):  # fmt: skip
        assert said in flat, said
    assert "Draft, not for signature" not in flat


async def test_what_people_wrote_is_never_markup(cast):
    award = await an_award(
        cast, state="drafting", title_en="#pagebreak() *x* <script> $y$ \\ @z", agreement_language="both"
    )
    text = text_of(await pdf_of(await body_of(award, 1), draft=True))
    assert "#pagebreak() *x* <script> $y$" in " ".join(text.split())
    assert "Draft, not for signature" in text


async def test_the_document_says_what_the_grant_promises(cast):
    """A count, a share as part and whole, a grade by its word; a result told in words has no number."""
    award = await an_award(cast, state="drafting")
    for kind, name, aim in (
        ("flow", "Hearings held", {"target": Decimal(12), "baseline": Decimal(0)}),
        ("ratio", "Sessions announced", {"target": Decimal(15), "target_of": Decimal(20)}),
        ("ordinal", "The promised change", {"baseline": Decimal(1), "target": Decimal(3)}),
        ("text", "What changed", {"target": None}),
    ):
        await a_promise(cast, award, await an_indicator(cast, kind=kind, name_en=name), **aim)
    body = await body_of(award, 1)
    english = next(text for text in body["texts"] if text["lang"] == "en")
    [section] = [each for each in english["sections"] if each["title"] == "Promised results"]
    assert section["parts"][1]["rows"] == [
        ["Hearings held", "people", "0", "12"], ["Sessions announced", "people", "—", "15 of 20"],
        ["The promised change", "people", "not begun", "complete"], ["What changed", "people", "—", "—"],
    ]  # fmt: skip
    flat = " ".join(text_of(await pdf_of(body)).split())
    assert "Promised results" in flat and "15 of 20" in flat and "not begun" in flat
