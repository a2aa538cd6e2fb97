"""What people and phones send about a visit, parsed and checked once, at the door."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, field_validator, model_validator

from foundation.clock import today
from foundation.language import N_, language
from foundation.merging import Editable
from foundation.typed import read_number, seen_signs
from monitoring.visits.checklist import NEWEST, POINT_OPTIONS, VERSIONS, YES_PARTLY_NO
from monitoring.visits.lifecycle import Kind, ResponseKind, Severity
from web.forms import Lenient, Strict

Line = Annotated[str, Field(max_length=300)]
Text = Annotated[str, Field(max_length=10_000)]
People = Annotated[int, Field(ge=0, le=100_000)]
MOST_METRES = 100_000
PASTED = re.compile(r"(-?[0-9]{1,3}[.][0-9]+)[,;]?\s+(-?[0-9]{1,3}[.][0-9]+)")
Choice = Literal["yes", "partly", "no"]
Standing = Literal["done", "partly", "no", "unseen"]
assert {code for code, _ in YES_PARTLY_NO} == {"yes", "partly", "no"}
assert {code for code, _ in POINT_OPTIONS} == {"done", "partly", "no", "unseen"}

MOST_PHOTOS = 30
MOST_FINDINGS = 30


class Exact(Lenient, Strict):
    """JSON: a field that is not known here is a mistake worth hearing of."""


class Plan(Lenient):
    """`id` is made by whoever sends it, so that sending twice plans once."""

    id: UUID | None = None
    award_id: UUID
    lead_id: UUID | None = None
    planned_from: date
    planned_to: date
    purpose_ka: Line | None = None
    purpose_en: Line | None = None

    @model_validator(mode="after")
    def _in_order(self):
        if self.planned_to < self.planned_from:
            raise ValueError(N_("The last day must not be before the first."))
        return self

    @model_validator(mode="after")
    def _soon(self):
        if (self.planned_to - self.planned_from).days > 60:
            raise ValueError(N_("Plan a visit within two months at most."))
        return self


class Reschedule(Lenient):
    planned_from: date = Field(title=N_("First possible day"))
    planned_to: date = Field(title=N_("Last possible day"))
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    revision: int | None = None

    @model_validator(mode="after")
    def _in_order(self):
        if self.planned_to < self.planned_from:
            raise ValueError(N_("The last day must not be before the first."))
        return self


class PointAnswer(Lenient):
    answer: Standing | None = None
    note: Line | None = None


class Seen(Lenient):
    """What was seen. Everything may be missing: a draft takes it so, and a complete visit asks for it later."""

    form_version: int = NEWEST.version
    visited_on: date | None = None
    on_track: Choice | None = None
    eu_visibility: Choice | None = None
    documents_seen: Choice | None = None
    women: People | None = None
    men: People | None = None
    notes: Text | None = None
    place: Line | None = None
    latitude: Annotated[Decimal, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[Decimal, Field(ge=-180, le=180)] | None = None
    accuracy_m: Annotated[int, Field(ge=0, le=MOST_METRES)] | None = None
    no_position_reason: Line | None = None
    place_sure: bool = Field(default=False, description="An unlikely position is right, as its lead says.")
    points: dict[UUID, PointAnswer] = {}

    @field_validator("form_version")
    @classmethod
    def _known(cls, version: int) -> int:
        if version not in VERSIONS:
            raise ValueError(N_("This form is not known here. Open the page again."))
        return version

    @field_validator("visited_on")
    @classmethod
    def _has_come(cls, day: date | None) -> date | None:
        if day is not None and day > today():
            raise ValueError(N_("This day has not come yet."))
        return day

    @field_validator("accuracy_m", mode="before")
    @classmethod
    def _whole_metres(cls, metres: object) -> object:
        """Phones measure in fractions of a metre, and people copy what they show."""
        if isinstance(metres, str) and metres.strip():
            metres = read_number(metres, Decimal(MOST_METRES))
        return round(metres) if isinstance(metres, (float, Decimal)) else metres

    @model_validator(mode="before")
    @classmethod
    def _pasted(cls, sent: Any) -> Any:
        """“42.08333, 42.52777”, as a map gives it, pasted into the first of both fields; and both exchanged, when that
        is ticked."""
        if isinstance(sent, dict) and sent.get("swap"):
            sent = {**sent, "latitude": sent.get("longitude"), "longitude": sent.get("latitude")}
        if not isinstance(sent, dict) or sent.get("longitude") or not isinstance(sent.get("latitude"), str):
            return sent
        pair = PASTED.fullmatch(seen_signs(sent["latitude"]))
        return {**sent, "latitude": pair[1], "longitude": pair[2]} if pair else sent

    @field_validator("latitude", "longitude")
    @classmethod
    def _five_decimals(cls, degrees: Decimal | None) -> Decimal | None:
        """About one metre; phones tell more digits than they know."""
        return degrees if degrees is None else round(degrees, 5)

    @model_validator(mode="after")
    def _both(self):
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError(N_("Give both latitude and longitude, or neither."))
        return self

    @property
    def answers(self) -> dict:
        told = {name: getattr(self, name) for name in ("on_track", "eu_visibility", "documents_seen")}
        points = {str(key): point.model_dump(exclude_none=True) for key, point in self.points.items()}
        return {name: answer for name, answer in told.items() if answer} | ({"points": points} if points else {})


class PhotoWords(Lenient):
    caption: Line | None = None
    consent: bool = False
    public: bool = False

    @model_validator(mode="after")
    def _public_with_consent(self):
        if self.public and not self.consent:
            raise ValueError(N_("A photo can be public only when the people on it agreed."))
        return self


class Written(Editable, Seen):
    """The page of the phone: what was seen, the words of photos already here, and consent for the new ones."""

    photo: dict[UUID, PhotoWords] = {}
    consent: bool = False
    swap: bool = False


def written_in(visit: Any, points: Iterable[UUID], photos: Iterable[Any]) -> dict[str, Any]:
    """What stands in a visit, in the terms of its form: each earlier recommendation and each photo has its place."""
    told, answers = vars(visit), visit.answers or {}
    return {name: answers[name] if name in answers else told.get(name) for name in Seen.model_fields} | {
        "points": {point: answers.get("points", {}).get(str(point)) for point in points},
        "photo": {photo["id"]: words_of(photo) for photo in photos},
    }


def words_of(photo: Any) -> dict[str, Any]:
    return {"caption": photo[f"caption_{language.get()}"], "consent": photo["consent"], "public": photo["public"]}


class Manifested(Exact):
    """A photo the phone has and will send: its hash, and what is known about it."""

    id: UUID
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    bytes: Annotated[int, Field(gt=0, le=52_428_800)] | None = None
    caption: Line | None = None
    consent: bool = False
    public: bool = False
    taken_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _public_with_consent(self):
        if self.public and not self.consent:
            raise ValueError(N_("A photo can be public only when the people on it agreed."))
        return self


class NewFinding(Lenient):
    kind: Kind
    severity: Severity
    text: Annotated[str, Field(min_length=1, max_length=4000)]
    photos: list[UUID] = []


class WrittenFinding(NewFinding):
    """From the page; its id came with the empty form, so that sending twice writes once."""

    id: UUID | None = None


class ChangedFinding(Editable, NewFinding):
    pass


class SentFinding(NewFinding, Strict):
    id: UUID


class Told(Seen, Strict):
    """A visit as a phone tells it, under an id the phone made. `base_rev` is the revision it was written upon."""

    award_id: UUID | None = None
    base_rev: int | None = None
    device_at: AwareDatetime | None = None
    manifest: Annotated[list[Manifested], Field(max_length=MOST_PHOTOS)] = []
    findings: Annotated[list[SentFinding], Field(max_length=MOST_FINDINGS)] = []

    @field_validator("manifest")
    @classmethod
    def _once(cls, photos: list[Manifested]) -> list[Manifested]:
        if len({photo.id for photo in photos}) != len(photos):
            raise ValueError(N_("The same photo is listed twice."))
        return photos


class Response(Lenient):
    response_kind: Literal[ResponseKind.AGREES, ResponseKind.PARTLY, ResponseKind.DISAGREES]
    response: Annotated[str, Field(max_length=4000)] | None = None

    @model_validator(mode="after")
    def _explained(self):
        if self.response_kind != ResponseKind.AGREES and not self.response:
            raise ValueError(N_("Explain what you do not agree with."))
        return self


class Reason(Lenient):
    reason: Annotated[str, Field(min_length=1, max_length=2000)] = Field(
        title=N_("Why?"), description=N_("The people concerned will read it.")
    )
