"""What later rooms add to an award's own verbs, inside the same transaction: they register here, awards calls them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from accounts.person import Person
from grants.awards.tables import Award

Obstacles = Callable[[Award], Awaitable[list[str]]]
Consequence = Callable[[Award, Person], Awaitable[None]]


class Asked(list[Obstacles]):
    """Sentences that stand in the way of a step. A room adds its question by decorating it."""

    def __call__(self, question: Obstacles) -> Obstacles:
        self.append(question)
        return question

    async def about(self, award: Award) -> list[str]:
        return [sentence for question in self for sentence in await question(award)]


class Done(list[Consequence]):
    """What a step brings with it. A room adds what it does by decorating it."""

    def __call__(self, does: Consequence) -> Consequence:
        self.append(does)
        return does

    async def after(self, award: Award, person: Person) -> None:
        for does in self:
            await does(award, person)


before_offer = Asked()
before_signature = Asked()  # by the organisation
before_closing = Asked()  # for example a final report that is not accepted yet

on_commitment = Done()  # just before the award becomes active, while nothing is paid yet: the ledger takes it
on_activation = Done()  # active, or active again
on_release = Done()  # declined, withdrawn or terminated: it will not be carried out
on_closing = Done()  # just before it closes: what was never used is given back
