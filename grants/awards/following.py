"""What later rooms add to an award's own verbs, inside the same transaction: they register here, awards calls them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from accounts.person import Person
from grants.awards.tables import Award

Obstacles = Callable[[Award], Awaitable[list[str]]]
Consequence = Callable[[Award, Person], Awaitable[None]]

BEFORE_OFFER: list[Obstacles] = []
BEFORE_SIGNATURE: list[Obstacles] = []
BEFORE_CLOSING: list[Obstacles] = []
ON_COMMITMENT: list[Consequence] = []
ON_ACTIVATION: list[Consequence] = []
ON_RELEASE: list[Consequence] = []
ON_CLOSING: list[Consequence] = []


def before_offer(asked: Obstacles) -> Obstacles:
    """Sentences that stand in the way of offering the agreement."""
    BEFORE_OFFER.append(asked)
    return asked


def before_signature(asked: Obstacles) -> Obstacles:
    """Sentences that stand in the way of the organisation's signature."""
    BEFORE_SIGNATURE.append(asked)
    return asked


def before_closing(asked: Obstacles) -> Obstacles:
    """Sentences that stand in the way of closing, for example a final report that is not accepted yet."""
    BEFORE_CLOSING.append(asked)
    return asked


def on_commitment(does: Consequence) -> Consequence:
    """Called just before the award becomes active, while nothing is paid yet: the ledger takes the commitment."""
    ON_COMMITMENT.append(does)
    return does


def on_activation(does: Consequence) -> Consequence:
    """Called when the award has become active, or active again."""
    ON_ACTIVATION.append(does)
    return does


def on_release(does: Consequence) -> Consequence:
    """Called when the award will not be carried out: declined, withdrawn or terminated."""
    ON_RELEASE.append(does)
    return does


def on_closing(does: Consequence) -> Consequence:
    """Called just before the award closes: what was never used is given back."""
    ON_CLOSING.append(does)
    return does


async def obstacles(asked: list[Obstacles], award: Award) -> list[str]:
    return [sentence for each in asked for sentence in await each(award)]


async def carry_out(consequences: list[Consequence], award: Award, person: Person) -> None:
    for does in consequences:
        await does(award, person)
