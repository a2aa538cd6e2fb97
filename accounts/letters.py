"""Letters to people, each in their own language; they go into the outbox in the current transaction."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.forms import leads_somewhere
from accounts.queries import Recipient
from foundation.apart import apart, is_collecting
from foundation.database import row
from foundation.language import gettext as _
from foundation.language import speaking
from foundation.mail import post
from foundation.settings import settings

# Words of an email that are the name of somebody or of their organisation.
NAMES = frozenset({"organisation", "by", "who", "lead", "reviewer", "owner"})
LONGEST_NAME = 80


async def write(
    people: Iterable[Recipient],
    key: str | None,
    subject: str,
    body: str,
    /,
    *,
    link: str | None = None,
    secret: bool = False,
    **values: object,
) -> None:
    """`subject` and `body` are marked with N_; their placeholders are filled from `values`, where a function is
    called in each reader's language: `title=lambda: pick_text(call, "title")`. `link` is a path without language
    and becomes {link}. What is called as in NAMES is said as a name. With the same `key` nobody gets the letter
    twice."""  # fmt: skip
    if key is None and is_collecting():
        raise LookupError("a letter that follows an event carries a key, or its next try would write it twice")
    for person in people:
        async with apart():
            await _one(person, key, subject, body, link, secret, values)


async def _one(
    person: Recipient,
    key: str | None,
    subject: str,
    body: str,
    link: str | None,
    secret: bool,
    values: dict[str, object],
) -> None:
    with speaking(person.language):
        filled: dict[str, object] = {name: said() if callable(said) else said for name, said in values.items()}
        filled |= {name: plain_name(str(said)) for name, said in filled.items() if name in NAMES and said}
        if link is not None:
            filled["link"] = f"{settings().address}/{person.language}{link}"
        text = "\n\n".join(
            [
                _("Hello {name},", name=plain_name(person.name)),
                _(body, **filled),
                _("This email was written by the service itself."),
            ]
        )
        await post(
            person.email, _(subject, **filled), text, person.language, f"{key}:{person.id}" if key else None, secret
        )


async def where_to_write() -> str:
    """Where whoever has a question or complains reaches the programme: its e-mail and phone, or its first page."""
    found = await row("SELECT help_email, help_phone FROM programme LIMIT 1")
    told = [each for each in (found["help_email"], found["help_phone"]) if each] if found else []
    return ", ".join(told) or settings().address


def plain_name(name: str) -> str:
    """A name that somebody chose for themselves, as a letter of ours may say it: one line, no address to go to. Forms
    take no other; what came in before they did is made plain here."""
    plain = " ".join(word for word in name.split() if not leads_somewhere(word))
    return (plain if len(plain) <= LONGEST_NAME else plain[: LONGEST_NAME - 1].rstrip() + "…") or "–"
