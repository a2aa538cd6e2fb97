"""What the forms of publications take, what its steps leave behind, and which file is whose."""

from datetime import date

import pytest
from pydantic import ValidationError

from foundation.language import speaking
from foundation.refused import Refused
from lifecycle.record import history_of
from monitoring.publications import listing, transitions
from monitoring.publications.transitions import EditionSent, Entry, Withdrawal
from tests.builders.publications import a_publication, an_edition


@pytest.fixture(autouse=True)
def english():
    with speaking("en"):
        yield


@pytest.mark.parametrize(
    ("first", "last", "taken"),
    [
        (date(2026, 3, 1), date(2026, 3, 9), True), (date(2026, 3, 1), date(2026, 3, 1), True),
        (date(2026, 3, 9), date(2026, 3, 1), False), (date(2026, 3, 1), None, False), (None, date(2026, 3, 1), False),
    ],
)  # fmt: skip
def test_days_from_to_are_two_in_their_order(first, last, taken):
    told = {
        "title_en": "A booklet",
        "kind": "booklet",
        "when_precision": "range",
        "when_first": first,
        "when_last": last,
    }
    if taken:
        assert (Entry(**told).when_first, Entry(**told).when_last) == (first, last)
        return
    with pytest.raises(ValidationError, match="Write when it came out"):
        Entry(**told)


def test_a_withdrawal_says_why_in_one_language_at_least():
    for said in ({"withdrawn_ka": "მისამართი"}, {"withdrawn_en": "A wrong address"}):
        assert Withdrawal(**said).model_dump(exclude_none=True) == said
    with pytest.raises(ValidationError, match="Say why"):
        Withdrawal()


@pytest.mark.parametrize("said", [{"withdrawn_ka": "მისამართი"}, {"withdrawn_en": "A wrong address"}])
async def test_the_history_says_why_and_a_draft_again_has_forgotten_it(cast, said):
    one = await a_publication(cast)
    await transitions.withdraw(one, cast.manager, Withdrawal(**said))
    assert (await history_of(one))[-1].payload["reason"] in said.values()
    await transitions.reopen(one, cast.manager)
    facts = [getattr(one, f"{step}_{fact}") for step in ("published", "withdrawn") for fact in ("by", "at")]
    assert [*facts, one.withdrawn_ka, one.withdrawn_en] == [None] * 6


async def test_what_is_published_has_something_to_read(cast):
    one = await a_publication(cast, state="draft")
    with pytest.raises(Refused, match="Add an edition first"):
        await transitions.publish(one, cast.curator)
    with pytest.raises(Refused, match="one of the two"):
        await transitions.add_edition(one, cast.curator, EditionSent(language="ka"), None)
    await transitions.add_edition(one, cast.curator, EditionSent(language="ka", address="https://example.org/a"), None)
    await transitions.publish(one, cast.curator)
    assert one.state == "published"


async def test_a_file_is_read_under_its_own_publication_alone(cast):
    one, other, draft = await a_publication(cast), await a_publication(cast), await a_publication(cast, state="draft")
    theirs, hidden = await an_edition(cast, other), await an_edition(cast, draft)
    last, first = await an_edition(cast, one, "ka"), await an_edition(cast, one, "en")
    assert await listing.file_of(cast.nobody_special, one, last.id) == last.upload_id
    assert await listing.file_of(cast.nobody_special, one, theirs.id) is None
    assert await listing.file_of(cast.nobody_special, draft, hidden.id) is None
    assert await listing.file_of(cast.manager, draft, hidden.id) == hidden.upload_id
    assert [each["id"] for each in await listing.editions_of(one)] == [first.id, last.id], "by their language"


def test_what_is_not_known_is_said():
    unknown = {"when_first": None, "when_last": None, "when_precision": "unknown", "editions": None, "publisher": None}
    assert listing.when(unknown) == listing.languages(unknown) == "not known"
    editions = '[{"language": "ka", "basis": "ours"}, {"language": "en", "basis": "ours"}]'
    assert listing.languages({**unknown, "editions": editions}) == "Georgian, English"
