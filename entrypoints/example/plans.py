"""What each invented grant has come to, and the grant while it is being made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from entrypoints.example.marks import Marks
from entrypoints.example.people import Example
from grants.awards.tables import Award
from monitoring.visits.tables import Visit


@dataclass(frozen=True)
class Plan:
    """What one invented grant has come to."""

    state: str
    tranches: tuple[str, ...]
    reports: tuple[str, str]
    visits: tuple[str, ...] = ()
    # indicator code → (reported, verdict, verified) in the first report; None where there is none
    values: dict[str, tuple[int, str, int | None]] = field(default_factory=dict)
    finding: tuple[str, str] | None = None  # (severity, state)
    cut: int = 0  # what the committee gave less than was asked
    settled: bool = False  # closed after it was terminated


PLANS = {
    "EX-01": Plan(
        "active",
        ("confirmed", "due"),
        ("accepted", "open"),
        ("approved", "approved", "planned"),
        {"I-1": (214, "verified", 214), "I-2": (2, "verified", 2), "I-3": (1, "verified", 1)},
    ),
    "EX-02": Plan("offered", ("planned", "planned"), ("scheduled", "scheduled")),
    "EX-03": Plan(
        "active",
        ("confirmed", "certified"),
        ("accepted", "scheduled"),
        ("approved", "in_review"),
        {"I-1": (130, "corrected", 118), "I-2": (3, "corrected", 2), "I-3": (2, "verified", 2)},
    ),
    "EX-04": Plan("suspended", ("paid", "planned"), ("open", "scheduled"), ("approved",), finding=("high", "final")),
    "EX-05": Plan("drafting", ("planned", "planned"), ("scheduled", "scheduled"), cut=400),
    "EX-06": Plan("signed_cso", ("planned", "planned"), ("scheduled", "scheduled")),
    "EX-07": Plan(
        "active",
        ("confirmed", "approved"),
        ("under_review", "scheduled"),
        ("approved", "confirmed"),
        {"I-1": (166, "unverified", None), "I-3": (1, "unverified", None), "I-4": (24, "unverified", None)},
        finding=("medium", "shared"),
        cut=600,
    ),
    "EX-08": Plan("declined", ("cancelled", "cancelled"), ("scheduled", "scheduled")),
    "EX-09": Plan(
        "closing",
        ("confirmed", "confirmed"),
        ("accepted", "verified"),
        ("approved", "approved"),
        {"I-1": (305, "verified", 305), "I-2": (4, "corrected", 3), "I-4": (31, "verified", 31)},
    ),
    "EX-10": Plan(
        "closed",
        ("confirmed", "confirmed"),
        ("accepted", "accepted"),
        ("approved",),
        {"I-1": (92, "verified", 92), "I-2": (1, "contradicted", None), "I-3": (1, "verified", 1)},
    ),
    "EX-11": Plan(
        "active",
        ("sent", "planned"),
        ("returned", "scheduled"),
        ("approved", "in_field"),
        {"I-1": (74, "unverified", None), "I-2": (1, "unverified", None)},
        finding=("low", "closed"),
    ),
}

# those that ended before their time, of last year's call
ENDED_EARLY = {
    "EX-09": Plan("terminated", ("recovery_due", "cancelled"), ("waived", "waived")),
    "EX-03": Plan("withdrawn_by_funder", ("cancelled", "cancelled"), ("scheduled", "scheduled")),
    "EX-11": Plan("closed", ("recovery_due", "cancelled"), ("waived", "waived"), settled=True),
}


@dataclass
class Grant:
    """One grant while it is being made."""

    example: Example
    marks: Marks
    award: Award
    plan: Plan
    slug: str
    started: date
    now: datetime
    number: int
    visits: list[Visit] = field(default_factory=list)

    @property
    def ended_early(self) -> bool:
        return self.plan in ENDED_EARLY.values()

    @property
    def signatory(self):
        code = next(code for code, o in self.example.organisations.items() if o.id == self.award.organisation_id)
        return self.example.people["signatory" if code == "EX-01" else f"signatory.{code.lower()}"]

    @property
    def curator(self):
        return self.example.curator_of(self.slug)

    def person(self, name: str):
        return self.example.people[name]

    def day(self, days: int) -> datetime:
        return datetime.combine(self.started, datetime.min.time(), self.now.tzinfo) + timedelta(days=days, hours=9)
