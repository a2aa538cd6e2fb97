"""What disbursements bring to the house, with bank accounts and the ledger; what an award's own steps do to them."""

from accounts.person import Person, Role, having
from foundation.language import N_
from grants.awards import extensions
from grants.awards.extensions import PANELS, TABS, Panel, Tab
from grants.awards.tables import Award
from grants.disbursements import api, hooks, notices, pages, tasks
from grants.disbursements.bank import api as bank_api
from grants.disbursements.bank import notices as bank_notices
from grants.disbursements.bank import pages as bank
from grants.disbursements.ledger import api as ledger_api
from grants.disbursements.ledger import pages as ledger
from grants.disbursements.ledger import queries as ledger_queries
from lifecycle.room import Room
from lifecycle.timed import Timed
from web.shell import MenuEntry


def sees_payments(person: Person | None) -> bool:
    return person is not None and (person.reads_all or person.is_curator)


def sees_ledger(person: Person | None) -> bool:
    return person is not None and ledger_queries.may_see(person)


def has_account(person: Person | None) -> bool:
    return person is not None and bool(person.organisations)


def sees_tranches(person: Person, award: Award) -> bool:
    return not pages.drafted_for(person, award)


ROOM = Room(
    "disbursements",
    routes=[*pages.ROUTES, *api.ROUTES, *bank.ROUTES, *bank_api.ROUTES, *ledger.ROUTES, *ledger_api.ROUTES],
    letters={
        "tranche.due": [notices.ask_to_request_it],
        "tranche.requested": [notices.ask_for_the_certificate],
        "tranche.certified": [notices.ask_for_the_approval],
        "tranche.approved": [notices.ask_for_the_authorisation],
        "tranche.request_returned": [notices.tell_it_went_back],
        "tranche.returned": [notices.tell_it_went_back],
        "tranche.authorisation_revoked": [notices.tell_it_went_back],
        "tranche.failed": [notices.tell_it_went_back],
        "tranche.retried": [notices.tell_it_went_back],
        "tranche.paid": [notices.tell_it_is_paid],
        "tranche.payment_reversed": [notices.tell_it_was_noted_wrongly],
        "tranche.recovery_ordered": [notices.tell_of_the_recovery],
        "tranche.written_off": [notices.tell_of_the_recovery],
        "bank_account.entered": [bank_notices.tell_everybody, bank_notices.warn_of_shared],
        "bank_account.verified": [bank_notices.tell_everybody],
        "bank_account.retired": [bank_notices.tell_everybody],
    },
    no_letter={
        "tranches are planned before the offer, which the organisation gets": ["tranche.plan_written"],
        "the tranche that falls due with the last of its conditions is told": ["tranche.condition_fulfilled"],
        "the page of today shows the next step to finance": ["tranche.authorised", "tranche.confirmed"],
        "the organisation hears when the bank has paid": ["tranche.sent"],
        "the step of the award that cancels it is told": ["tranche.cancelled"],
        "the organisation paid it back itself": ["tranche.recovered", "tranche.repaid_in_part"],
        "the order goes on as it was; the history says what was noted": ["tranche.order_corrected"],
        "it changes nothing": ["payments.exported"],
    },
    timed=[Timed(notices.clock, seconds=60)],
    tasks=[tasks.payments, tasks.bank_accounts],
    menu=[
        MenuEntry(24, N_("Bank account"), "/bank", has_account),
        MenuEntry(
            52, N_("Payments"), "/payments", sees_payments, daily=having(Role.FINANCE, Role.DIRECTOR, Role.AUDITOR)
        ),
        MenuEntry(53, N_("Ledger"), "/ledger", sees_ledger, daily=having(Role.FINANCE, Role.AUDITOR)),
    ],
    extensions=[
        TABS.gains(Tab(20, N_("Tranches"), "/awards/{reference}/tranches", sees_tranches)),
        PANELS.gains(Panel(5, f"{pages.HERE}/account.html", pages.account_panel)),
        PANELS.gains(Panel(10, f"{pages.HERE}/panel.html", pages.panel)),
        extensions.before_offer.gains(hooks.every_tranche_has_a_condition),
        extensions.before_signature.gains(hooks.the_account_is_verified),
        extensions.before_closing.gains(hooks.every_tranche_is_settled),
        extensions.before_closing.gains(hooks.every_cent_is_accounted_for),
        extensions.on_commitment.gains(hooks.commit),
        extensions.on_activation.gains(hooks.go_on),
        extensions.on_release.gains(hooks.cancel_what_is_left),
        extensions.on_closing.gains(hooks.cancel_what_was_never_used),
    ],
)
