"""What later rooms add to an award's own verbs, inside the same transaction: their fronts name it, awards calls it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from accounts.person import Person
from foundation.extension import ExtensionPoint
from grants.awards.tables import Award

# Sentences that stand in the way of a step
Obstacle = Callable[[Award], Awaitable[list[str]]]
Consequence = Callable[[Award, Person], Awaitable[None]]


class Obstacles(ExtensionPoint[Obstacle]):
    async def about(self, award: Award) -> list[str]:
        return [sentence for question in self for sentence in await question(award)]


class Consequences(ExtensionPoint[Consequence]):
    async def after(self, award: Award, person: Person) -> None:
        for does in self:
            await does(award, person)


before_offer = Obstacles()
before_signature = Obstacles()  # by the organisation
before_closing = Obstacles()  # for example a final report that is not accepted yet

on_commitment = Consequences()  # just before the award becomes active, while nothing is paid yet: the ledger takes it
on_activation = Consequences()  # active, or active again
on_release = Consequences()  # declined, withdrawn or terminated: it will not be carried out
on_closing = Consequences()  # just before it closes: what was never used is given back
