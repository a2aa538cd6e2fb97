"""Letters to people, each in their own language; they go into the outbox in the current transaction."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.queries import Recipient
from foundation.language import gettext as _
from foundation.language import speaking
from foundation.mail import post
from foundation.settings import settings


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
    and becomes {link}. With the same `key` nobody gets the letter twice."""  # fmt: skip
    for person in people:
        with speaking(person.language):
            filled = {name: said() if callable(said) else said for name, said in values.items()}
            if link is not None:
                filled["link"] = f"{settings().address}/{person.language}{link}"
            text = "\n\n".join(
                [
                    _("Hello {name},", name=person.name),
                    _(body, **filled),
                    _("This email was written by the service itself."),
                ]
            )
            await post(
                person.email, _(subject, **filled), text, person.language, f"{key}:{person.id}" if key else None, secret
            )
