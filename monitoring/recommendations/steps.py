"""The steps of a recommendation that ask for words: what each page says, which fields it has, and the verb behind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from accounts.person import Person
from foundation.language import N_
from monitoring.recommendations import actions, forms, lifecycle
from monitoring.recommendations.tables import Recommendation

May = Callable[[Person, Recommendation], bool]


@dataclass(frozen=True)
class Step:
    """`may` says who ever may, `open` whether it is possible now. `fields`: text, file, visit, adoption, due, words,
    successor."""

    may: May
    open: May
    act: Callable[..., Awaitable[None]]
    form: type[BaseModel]
    title: str
    hint: str
    done: str
    fields: tuple[str, ...] = ("text",)
    kind: str = ""


def moving(move: Any, *rest: Any, **more: Any) -> Step:
    return Step(move.who, move.open_to, *rest, **more)


STEPS: dict[str, Step] = {
    "dispute": moving(
        lifecycle.DISPUTE, actions.dispute, forms.Reason, N_("Dispute it"),
        N_("The programme manager reads why, and issues it again, changed or not, or withdraws it."),
        N_("You disputed the recommendation."),
    ),
    "progress": Step(
        lifecycle.its_owner, lifecycle.may_follow_up, actions.tell_progress, forms.Reason, N_("Tell how far it is"),
        N_("What has been done, what comes next."), N_("Thank you, it is noted."),
    ),
    "evidence": Step(
        lifecycle.its_owner, lifecycle.may_follow_up, actions.add_evidence, forms.Evidence, N_("Add evidence"),
        N_("A document or photo, a visit where it was seen, or the act of the municipality with its date."),
        N_("The evidence is added."), fields=("text", "file", "visit", "adoption"),
    ),
    "completion": moving(
        lifecycle.REPORT_DONE, actions.report_done, forms.Evidence, N_("Report it done"),
        N_("Somebody else verifies it. Evidence you added before counts too."), N_("It is reported done."),
        fields=("text", "file", "visit", "adoption"),
    ),
    "extension": Step(
        lifecycle.its_owner, lifecycle.may_ask_more_time, actions.ask_more_time, forms.Extension,
        N_("Ask for more time"), N_("Somebody else decides. More time is given twice at most."),
        N_("You asked for more time."), fields=("due", "text"),
    ),
    "extension-refusal": Step(
        lifecycle.may_extend, lifecycle.may_extend, actions.refuse_more_time, forms.Reason, N_("Refuse more time"),
        N_("The due date stays; its owner reads why."), N_("More time is refused."), kind="bad",
    ),
    "verification": moving(
        lifecycle.VERIFY, actions.verify, forms.Verification, N_("Verify it as done"),
        N_("Write what you saw and where. One of high priority needs a document or a visit."),
        N_("The recommendation is verified."), fields=("text", "file", "visit"),
    ),
    "partial-verification": moving(
        lifecycle.PARTLY, actions.find_partly_done, forms.Verification, N_("Only partly done"),
        N_("Write what is still missing; its owner goes on with it."), N_("It is noted as partly done."),
        fields=("text", "file", "visit"),
    ),
    "reopening": moving(
        lifecycle.REOPEN, actions.reopen, forms.Verification, N_("Not done: reopen it"),
        N_("Write what you found instead; its owner begins anew."), N_("The recommendation is reopened."),
        fields=("text", "file", "visit"), kind="bad",
    ),
    "reissue": moving(
        lifecycle.REISSUE, actions.reissue, forms.Reissue, N_("Issue it again"),
        N_("Write why; change its words where its owner was right."), N_("The recommendation is issued again."),
        fields=("text", "words"),
    ),
    "replacement": moving(
        lifecycle.SUPERSEDE, actions.replace, forms.Replacement, N_("Replace it by another"),
        N_("This one ends; the other one goes on in its place."), N_("The recommendation is replaced."),
        fields=("successor",),
    ),
    "withdrawal": moving(
        lifecycle.WITHDRAW, actions.withdraw, forms.Reason, N_("Withdraw it"),
        N_("It ends here without being done. Its owner reads why."), N_("The recommendation is withdrawn."), kind="bad",
    ),
    "accepted-risk": moving(
        lifecycle.ACCEPT_RISK, actions.accept_risk, forms.Reason, N_("Accept the risk"),
        N_("It ends here though it is not done; you sign for the risk that remains."),
        N_("The risk is accepted."), kind="bad",
    ),
}  # fmt: skip
