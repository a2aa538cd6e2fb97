"""Who should review what: those with the fewest reviews first, nobody who has to do with an applicant; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass
class Reviewer:
    """`load` is how many live reviews they have in this call; `organisations` those they belong or belonged to;
    `connected` is who has to do with anybody who applies to it."""

    id: UUID
    name: str
    load: int = 0
    organisations: frozenset[UUID] = frozenset()
    connected: bool = False


@dataclass(frozen=True)
class Need:
    """An application that lacks reviewers; `had` are those assigned to it at any time."""

    application_id: UUID
    organisation_id: UUID
    lacking: int
    had: frozenset[UUID] = field(default_factory=frozenset)


def suggested(needs: Iterable[Need], reviewers: Iterable[Reviewer]) -> dict[UUID, list[Reviewer]]:
    """For each application as many as it lacks, where there are so many; the load is spread evenly."""
    people = list(reviewers)
    load = {person.id: person.load for person in people}
    found: dict[UUID, list[Reviewer]] = {}
    for need in needs:
        able = sorted((p for p in people if able_to(p, need)), key=lambda p: (load[p.id], p.name, str(p.id)))
        found[need.application_id] = able[: max(need.lacking, 0)]
        for person in found[need.application_id]:
            load[person.id] += 1
    return found


def able_to(person: Reviewer, need: Need) -> bool:
    return not (person.connected or person.id in need.had or need.organisation_id in person.organisations)


def loads(found: Mapping[UUID, list[Reviewer]]) -> dict[UUID, int]:
    """How many new reviews each would get."""
    counted: dict[UUID, int] = {}
    for people in found.values():
        for person in people:
            counted[person.id] = counted.get(person.id, 0) + 1
    return counted
