"""What kind of event a meeting was: the sources say it in many words, readers filter by a few."""

from __future__ import annotations

from enum import StrEnum

from foundation.language import N_, labels


class Kind(StrEnum):
    WORKING_GROUP = "working-group"
    CONSULTATION = "consultation"
    ROUND_TABLE = "round-table"
    TRAINING = "training"
    FORUM = "forum"
    COUNCIL = "council"
    DEBATE = "debate"
    VISIT = "visit"
    COMMITTEE = "committee"
    PROJECT = "project"
    MEDIA = "media"
    MEETING = "meeting"


labels(
    Kind,
    {
        Kind.WORKING_GROUP: N_("working group"),
        Kind.CONSULTATION: N_("consultation"),
        Kind.ROUND_TABLE: N_("round table"),
        Kind.TRAINING: N_("training"),
        Kind.FORUM: N_("forum or conference"),
        Kind.COUNCIL: N_("council session"),
        Kind.DEBATE: N_("debate"),
        Kind.VISIT: N_("visit on the ground"),
        Kind.COMMITTEE: N_("competition committee"),
        Kind.PROJECT: N_("activity of a small project"),
        Kind.MEDIA: N_("press and television"),
        Kind.MEETING: N_("other meeting"),
    },
)

# The first that occurs in the source's word decides.
SIGNS = [
    ("committee", Kind.COMMITTEE),
    ("small-project", Kind.PROJECT),
    ("monitoring visit", Kind.VISIT),
    ("press", Kind.MEDIA),
    ("tv ", Kind.MEDIA),
    ("working group", Kind.WORKING_GROUP),
    ("consultation", Kind.CONSULTATION),
    ("round table", Kind.ROUND_TABLE),
    ("training", Kind.TRAINING),
    ("workshop", Kind.TRAINING),
    ("city council", Kind.COUNCIL),
    ("debate", Kind.DEBATE),
    ("forum", Kind.FORUM),
    ("conference", Kind.FORUM),
]


def kind_of(told: str) -> Kind:
    """The kind behind the source's own word."""
    return next((kind for sign, kind in SIGNS if sign in f"{told.lower()} "), Kind.MEETING)
