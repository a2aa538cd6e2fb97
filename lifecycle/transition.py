"""A step of a lifecycle, declared once: who takes it, from where, to where, what they send, what is said and written.

    step = partial(Transition, "award", lock_row=lock_for_update)

    suspend = step(                       # nothing else happens: no function at all
        "suspension", "award.suspended", {State.ACTIVE}, State.SUSPENDED, its_director,
        form=Reasoned, reason="reason", button=N_("Suspend the grant"), look="bad", hint=N_("Nothing is paid while …"),
        history=N_("The grant was suspended"), done=N_("The grant is suspended."),
    )

    @step("countersignature", "award.activated", {State.SIGNED_CSO}, State.ACTIVE, its_director,
          stamp="countersigned", file=Attached("scan", optional=True), …)
    async def countersign(award, person, scan=None):
        version = await _sign(award, person, "funder", scan)     # the row is held and the step is open: check and write
        yield {}, {"version": version}                           # here the state, its facts and the event are written
        await extensions.on_activation.after(award, person)       # sees the new state

    await suspend(award, director, reason="…")                   # a verb for tests, the worker and other rooms

`yield facts` or `yield facts, payload`: columns to write beside the state, and what the event tells besides. Without a
`yield` something was noted and the state stays. `target=None` is a step that leaves the state as it is. Pages, JSON
operations and buttons come from the same declaration: `lifecycle/pages.py`, `lifecycle/api.py`, `open_steps`.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from contextlib import aclosing
from dataclasses import KW_ONLY, dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol, overload

from pydantic import BaseModel

from foundation.clock import now
from foundation.database import lock, row, transaction, update
from foundation.language import gettext as _
from foundation.language import label, moment
from foundation.refused import NotAllowed, Refused, Stale
from foundation.ties import apart, not_allowed
from lifecycle.record import SENTENCES, Actor, history_of, record, sentences
from web.forms import Form, Invalid, Sink, parse

Facts = dict[str, Any]
Payload = Mapping[str, Any] | Callable[[Any], Mapping[str, Any]] | None  # a function of the row as it was written
Told = Facts | tuple[Facts, Payload] | None
Who = Callable[[Any, Any], bool]
Words = str | Callable[[Any], str]  # marked with N_, or made of the row
Look = str  # of its button: "" the main one, "2" beside others, "text" quiet, "bad" ends something

# `edition: Annotated[UUID, CARRIED]` of a form: nobody types it, the button that is pressed says which.
CARRIED = "carried by the button"

# Within which a second press of a button is one.
A_MOMENT = timedelta(minutes=10)
# How many of the changes since then are named.
MOST_TOLD = 5
# Every step made, by the entity's table name: the house tests compare them with the database's own list.
TRANSITIONS: dict[str, list[Transition]] = {}


class File(Protocol):
    """What a step says about the file it takes; uploads/attached.py has one."""

    @property
    def name(self) -> str: ...
    @property
    def optional(self) -> bool: ...
    @property
    def label(self) -> str: ...
    @property
    def hint(self) -> str: ...
    def sink(self) -> Sink: ...
    def of(self, form: Form) -> Any: ...
    async def of_body(self, chunks: AsyncIterator[bytes], filename: str) -> Any: ...


class Body(Protocol):
    """What a step does around the writing of its state: an async generator with one `yield`."""

    def __call__(self, row: Any, person: Any, /, *given: Any, **named: Any) -> AsyncIterator[Told]: ...


@dataclass(eq=False)
class Transition:
    """`who` and `obstacle` are pure: the right may be known before anything is read, the rest is said beside the words
    typed. `reason` names the field of the form that goes into the event. `stamp="signed"` writes signed_by and
    signed_at; `facts` are the same each time, such as what a step forgets; `writes` names the columns its body yields,
    and no others may be yielded."""

    entity: str
    noun: str  # in the address: /awards/G-2026-001/suspension
    event: str
    sources: Collection[StrEnum]
    target: StrEnum | None
    who: Who = field(repr=False)
    _: KW_ONLY
    form: type[BaseModel] | None = None
    reason: str = ""
    file: File | None = None
    obstacle: Callable[[Any, Any], str | None] | None = field(default=None, repr=False)
    stamp: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    writes: Collection[str] = ()
    history: str = ""  # the sentence of its event
    button: Words = ""
    title: Words = ""  # above its form, where that is not the words of the button
    look: Look = ""
    icon: str = ""
    hint: Words = ""
    labels: Mapping[str, str] = field(default_factory=dict)  # of fields, where this step asks in words of its own
    prefilled: Collection[str] = ()  # fields that begin with what the row holds
    done: Words = ""
    noted: str = ""  # said instead where the state stayed
    by_tied: bool = False  # also by staff who have to do with the organisation it is about
    quiet: bool = False  # those who take it do not learn who was quicker, the state alone
    lock_row: Callable[..., Any] = field(default=lock, repr=False)
    body: Body | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.sources = frozenset(self.sources)
        if not self.by_tied:
            self.who = apart(self.who)
        if self.history:
            sentences({self.event: self.history})
        TRANSITIONS.setdefault(self.entity, []).append(self)

    # as a verb ------------------------------------------------------------------------------------------------------

    @overload
    def __call__(self, given: Callable[..., AsyncIterator[Any]], /) -> Transition: ...

    @overload
    async def __call__(self, row: Any, person: Actor, /, *given: Any, **named: Any) -> bool: ...

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Above a function: what the step does. With a row and a person: take it; True when it was taken, False when
        something was only noted. What is sent comes as the parsed form or field by field; `revision` is the one that
        person saw."""
        if len(given) == 1 and not named:
            self.body = given[0]
            return self
        return self._take(*given, **named)

    async def _take(self, row: Any, person: Actor, *given: Any, **named: Any) -> bool:
        if given and isinstance(given[0], BaseModel):
            named = {**self.arguments(given[0]), **named}
            if self.file and len(given) == 2:
                named[self.file.name] = given[1]
            given = ()
        revision = named.pop("revision", None)
        sent = self._signature.bind(row, person, *given, **named)
        whole = sent.arguments.get("given") if self._whole() else None
        reason = (sent.arguments if whole is None else vars(whole)).get(self.reason)
        if not self.who(person, row):
            raise not_allowed(person, row)
        before = dict(vars(row))
        try:
            async with transaction():
                await self._lock(row, revision)
                before = dict(vars(row))
                await self.require(person, row)
                if self._wants_reason():
                    refuse_silent(reason)
                return await self._carry_out(row, person, reason, sent)
        except BaseException:
            vars(row).update(before)  # what was rolled back did not happen to the row in hand either
            raise

    async def _lock(self, row: Any, revision: int | None) -> None:
        try:
            await self.lock_row(row, revision)
        except Stale as stale:
            if self.quiet or revision is None or stale.now is None:
                raise
            raise Stale(await change_in_words(row, stale.now - revision, stale.sentence), stale.now) from None

    async def _carry_out(self, row: Any, person: Actor, reason: str | None, sent: inspect.BoundArguments) -> bool:
        if self.body is None:
            await self.write(person, row, reason)
            return True
        async with aclosing(self.body(*sent.args, **sent.kwargs)) as work:  # type: ignore[type-var]
            try:
                told = await anext(work)
            except StopAsyncIteration:
                return False
            facts, payload = told if isinstance(told, tuple) else (told, {})
            await self.write(person, row, reason, payload, **(facts or {}))
            async for _more in work:
                raise RuntimeError(f"{self.event} yields twice")
        return True

    async def write(
        self, person: Actor, row: Any, reason: str | None = None, payload: Payload = None, **facts: Any
    ) -> None:
        """The new state with its facts and the event, together. The row is held already."""
        if undeclared := facts.keys() - self.columns:
            raise KeyError(f"{self.event} does not say that it writes {', '.join(sorted(undeclared))}")
        stamps = {f"{self.stamp}_by": person.id, f"{self.stamp}_at": now()} if self.stamp else {}
        written = {**self.facts, **stamps, **facts}
        told: dict[str, Any] = {}
        if self.target is not None:
            told = {"from": row.state, "to": str(self.target)}
            written["state"] = str(self.target)
        if written:
            await update(row, **written)
        told |= (payload(row) if callable(payload) else payload) or {}
        if reason:
            told["reason"] = reason.strip()
        await record(self.event, person, row, **told)

    @property
    def columns(self) -> frozenset[str]:
        """Every column beside the state that this step may write."""
        stamped = (f"{self.stamp}_by", f"{self.stamp}_at") if self.stamp else ()
        return frozenset({*self.writes, *self.facts, *stamped})

    def arguments(self, given: BaseModel) -> dict[str, Any]:
        """A form as arguments of the verb: field by field, or whole where the body has an argument `given`. One that
        means something else than its fields, such as a day and a time, has a method `arguments`."""
        if hasattr(given, "arguments"):
            return given.arguments()
        if self._whole():
            return {"given": given, "revision": getattr(given, "revision", None)}
        return {name: getattr(given, name) for name in type(given).model_fields}

    def _whole(self) -> bool:
        return self.body is not None and "given" in self._signature.parameters

    @cached_property
    def _signature(self) -> inspect.Signature:
        if self.body is not None:
            return inspect.signature(self.body)
        words = inspect.Parameter.POSITIONAL_OR_KEYWORD
        made = [inspect.Parameter(name, words) for name in ("row", "person")]
        for name, asked in (self.form.model_fields if self.form else {}).items():
            default = inspect.Parameter.empty if asked.is_required() else asked.get_default()
            if name != "revision":
                made.append(inspect.Parameter(name, words, default=default))
        if self.file:
            made.append(inspect.Parameter(self.file.name, words))
        return inspect.Signature(made)

    def _wants_reason(self) -> bool:
        """A form may leave it to the person whether they give one."""
        return bool(self.reason) and (self.form is None or self.form.model_fields[self.reason].is_required())

    # asked by buttons, pages and actions ----------------------------------------------------------------------------

    def open_to(self, person: Any, row: Any) -> bool:
        return (
            self._from_here(row) and bool(self.who(person, row)) and not (self.obstacle and self.obstacle(person, row))
        )

    async def require(self, person: Any, row: Any) -> None:
        """Refused with a sentence unless the step is open to this person: who was quicker and when, or what is in the
        way."""
        if not self.who(person, row):
            raise not_allowed(person, row)
        if not self._from_here(row):
            raise Refused(await state_in_words(row, self.state_of(row), told=not self.quiet))
        if self.obstacle and (sentence := self.obstacle(person, row)):
            raise Refused(sentence)

    async def press(self, row: Any, person: Any, sent: Mapping[str, Any]) -> bool:
        """As a button takes it: pressed twice by the same person, with the same words, it is done once. Other words
        are no second press: they are refused, and come back."""
        try:
            return await self(row, person, **sent)
        except NotAllowed:
            raise
        except Refused:
            words = dict(sent)
            if (whole := words.pop("given", None)) is not None:
                words |= vars(whole)
            if self._stands_in(row, words) and await self.done_by(person, row, words.get(self.reason)):
                return True
            raise

    def _stands_in(self, row: Any, words: Mapping[str, Any]) -> bool:
        """Whether all that was sent beside the reason is what the row says already."""
        return all(
            value in (None, "", [], {}) or getattr(row, name, None) == value
            for name, value in words.items()
            if name not in (self.reason, "revision", "seen")
        )

    async def done_by(self, person: Any, subject: Any, reason: str | None = None) -> bool:
        """Whether this person took it a moment ago and nothing has happened since: pressed twice, it is done once, and
        the second press is no mistake."""
        last = await row(
            "SELECT e.name, e.actor, e.at, p.body->>'reason' AS reason FROM event e"
            " LEFT JOIN event_payload p USING (seq) WHERE e.object_id = $1 ORDER BY e.seq DESC LIMIT 1",
            subject.id,
        )
        return (
            last is not None
            and (last["name"], last["actor"]) == (self.event, person.id)
            and last["at"] > now() - A_MOMENT
            and (last["reason"] or "") == (reason or "").strip()
        )

    def _from_here(self, row: Any) -> bool:
        """A row without a column of state names no sources: an obstacle says where it stands."""
        return not self.sources or row.state in self.sources

    def state_of(self, row: Any) -> StrEnum:
        return type(next(iter(self.sources)))(row.state)

    # as a form ------------------------------------------------------------------------------------------------------

    @property
    def sent(self) -> bool:
        """Whether there is a form to read at all."""
        return self.form is not None or self.file is not None

    @property
    def asks(self) -> bool:
        """Whether anybody has to type or choose something; otherwise it is one button."""
        return self.file is not None or any(
            name != "revision" and CARRIED not in info.metadata
            for name, info in (self.form.model_fields if self.form else {}).items()
        )

    @property
    def carries(self) -> bool:
        """Its button stands beside what it is about, not among those of the whole row."""
        return any(CARRIED in info.metadata for info in (self.form.model_fields if self.form else {}).values())

    def read(self, form: Form) -> dict[str, Any]:
        """What was sent, by name; Invalid with the sentences about fields and file together."""
        given: dict[str, Any] = {}
        errors: dict[str, str] = {}
        if self.form:
            try:
                given |= self.arguments(parse(self.form, form))
            except Invalid as bad:
                errors |= bad.errors
        if self.file:
            try:
                given[self.file.name] = self.file.of(form)
            except Invalid as bad:
                errors |= bad.errors
        if errors:
            raise Invalid(errors, form)
        return given

    def said(self, row: Any, taken: bool) -> str:
        """The sentence shown once it is done."""
        if not taken and self.noted:
            return _(self.noted)
        return _words(self.done, row)

    def name_for(self, row: Any) -> str:
        return _words(self.button, row)

    def title_for(self, row: Any) -> str:
        return _words(self.title or self.button, row)

    def hint_for(self, row: Any) -> str:
        return _words(self.hint, row)


def _words(words: Words, row: Any) -> str:
    return words(row) if callable(words) else _(words)


def refuse_silent(reason: str | None) -> None:
    if not (reason or "").strip():
        raise Refused(_("Write the reason; the people concerned will read it."))


def open_steps(person: Any, row: Any, steps: Iterable[Transition]) -> dict[str, Transition]:
    """What this person can do with the row now, by noun: the same answer for buttons, pages and the API's `moves`."""
    return {step.noun: step for step in steps if step.open_to(person, row)}


async def change_in_words(subject: Any, times: int, otherwise: str) -> str:
    """What was done with a row since somebody read it, newest last: each change of it is one revision."""
    done = (await history_of(subject))[-times:] if times > 0 else []
    if not done:
        return otherwise
    told = [
        _("{event} ({who}, {moment}).", event=each.sentence, who=each.actor_name, moment=moment(each.at))
        for each in done[-MOST_TOLD:]
    ]
    return _("Somebody else changed this in the meantime: {changes} Look at how it is now.", changes=" ".join(told))


async def state_in_words(subject: Any, state: StrEnum, told: bool = True) -> str:
    """That a row is no longer where somebody saw it; who took it where it is now, and when, unless that is not told."""
    if not told:
        return _("This is no longer possible: the state is now “{state}”.", state=label(state))
    ways = [step.event for step in TRANSITIONS.get(subject._meta.tablename, []) if step.target == state]
    last = await row(
        "SELECT name, at, actor_name, actor_role FROM event WHERE object_id = $1 AND name = ANY($2::text[])"
        " ORDER BY seq DESC LIMIT 1",
        subject.id,
        ways,
    )
    if last is None:
        return _("This is no longer possible: the state is now “{state}”.", state=label(state))
    sentence = SENTENCES[last["name"]]
    facts = {"state": label(state), "event": _(sentence), "moment": moment(last["at"])}
    if last["actor_role"] == "system":
        return _("This is no longer possible: the state is now “{state}”. {event} ({moment}).", **facts)
    return _(
        "This is no longer possible: the state is now “{state}”. {event} ({who}, {moment}).",
        who=last["actor_name"],
        **facts,
    )
