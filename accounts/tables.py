"""Who there is: places, the programme, organisations, accounts and their roles. The constraints are in migrations/."""

from piccolo.columns import (
    JSONB,
    Array,
    BigInt,
    Boolean,
    Bytea,
    Date,
    Integer,
    Interval,
    Numeric,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns import UUID as Uuid
from piccolo.table import Table

from foundation.database import refusals
from foundation.language import N_


class Municipality(Table, tablename="municipality"):
    id = Uuid(primary_key=True)
    slug = Text()
    position = Integer()
    name_ka = Text()
    name_en = Text()
    full_name_ka = Text()
    full_name_en = Text()
    region = Text()
    latitude = Numeric(digits=(8, 5))
    longitude = Numeric(digits=(8, 5))
    population = Integer(null=True)


class Programme(Table, tablename="programme"):
    id = Uuid(primary_key=True)
    name_ka = Text()
    name_en = Text()
    donor_ka = Text()
    donor_en = Text()
    contract_number = Text(null=True)
    currency = Varchar(length=3)
    budget = Numeric(digits=(14, 2))
    starts_on = Date(null=True)
    ends_on = Date(null=True)
    director_threshold = Numeric(digits=(14, 2))
    most_per_organisation = Numeric(digits=(14, 2), null=True)
    exchange_method = Text(null=True)
    bank_cooling = Interval()
    help_phone = Text(null=True)
    help_email = Text(null=True)
    example = Boolean()
    example_loaded_at = Timestamptz(null=True)
    revision = Integer()
    updated = Timestamptz()


class CurrencyLimit(Table, tablename="currency_limit"):
    """What the programme may give in a currency beside its own."""

    programme_id = Uuid()
    currency = Varchar(length=3)
    budget = Numeric(digits=(14, 2))
    director_threshold = Numeric(digits=(14, 2))
    most_per_organisation = Numeric(digits=(14, 2), null=True)


class Organisation(Table, tablename="organisation"):
    id = Uuid(primary_key=True)
    code = Text(null=True)
    kind = Text()
    name_ka = Text(null=True)
    name_en = Text(null=True)
    other_names = Text(null=True)
    identification_code = Text(null=True)
    municipality_id = Uuid(null=True)
    experience = Text(null=True)
    established = Text(null=True)
    website = Text(null=True)
    note = Text(null=True)
    source = Text(null=True)
    curator_id = Uuid(null=True)
    registered_by = Uuid(null=True)
    confirmed_at = Timestamptz(null=True)
    created = Timestamptz()
    revision = Integer()
    updated = Timestamptz()


class CuratedMunicipality(Table, tablename="curated_municipality"):
    organisation_id = Uuid()
    municipality_id = Uuid()


class Account(Table, tablename="account"):
    id = Uuid(primary_key=True)
    email = Varchar()
    name = Text()
    phone = Text(null=True)
    language = Text()
    password_hash = Text(null=True)
    active = Boolean()
    example = Boolean()
    created = Timestamptz()
    revision = Integer()
    updated = Timestamptz()


class Role(Table, tablename="role"):
    id = Uuid(primary_key=True)
    account_id = Uuid()
    kind = Text()
    organisation_id = Uuid(null=True)
    since = Date()
    until = Date(null=True)
    offer_id = Uuid(null=True)


class RoleOffer(Table, tablename="role_offer"):
    """A role that waits for the person's answer; `name` and `email` as whoever offers it typed them."""

    id = Uuid(primary_key=True)
    account_id = Uuid()
    kind = Text()
    organisation_id = Uuid(null=True)
    municipality_ids = Array(base_column=Uuid())
    name = Text()
    email = Varchar()
    state = Text()
    offered_by = Uuid(null=True)
    answered_at = Timestamptz(null=True)
    created = Timestamptz()
    revision = Integer()
    updated = Timestamptz()


class RoleMunicipality(Table, tablename="role_municipality"):
    role_id = Uuid()
    municipality_id = Uuid()


class Session(Table, tablename="session"):
    token_sha256 = Bytea(primary_key=True)
    id = Uuid()
    account_id = Uuid()
    created = Timestamptz()
    seen = Timestamptz()
    expires = Timestamptz()
    agent = Text(null=True)


class AccessToken(Table, tablename="access_token"):
    token_sha256 = Bytea(primary_key=True)
    account_id = Uuid()
    purpose = Text()
    created = Timestamptz()
    expires = Timestamptz()
    used_at = Timestamptz(null=True)
    offer_id = Uuid(null=True)


class Registration(Table, tablename="registration"):
    id = Uuid(primary_key=True)
    token_sha256 = Bytea()
    email = Varchar()
    facts = JSONB()
    created = Timestamptz()
    expires = Timestamptz()
    used_at = Timestamptz(null=True)


class SignInAttempt(Table, tablename="sign_in_attempt"):
    id = Uuid(primary_key=True)
    email_key = Bytea()
    address_key = Bytea()
    purpose = Text()
    at = Timestamptz()
    succeeded = Boolean()
    device_key = Bytea(null=True)


ON_ONE_SIDE = N_(
    "A person who works for an applicant cannot review, decide, pay, audit or watch as a donor as well, nor the other"
    " way round."
)
refusals(
    {
        "account_email_key": N_("Someone already has an account with this email."),
        "organisation_identification_code_key": N_(
            "An organisation with this identification code is registered already."
        ),
        "organisation_identification_code": N_("The identification code has nine digits."),
        "role_once": N_("This person has this role already."),
        "role_organisation": N_("This role belongs to an organisation: choose which."),
        "role_of_its_kind": N_("This kind of organisation does not have this role."),
        "role_on_one_side": ON_ONE_SIDE,
        "apart_from_organisation": N_(
            "This person has to do with the organisation; somebody else of the programme does this."
        ),
        "role_by_consent": N_("A role is held once the person it is offered to has accepted it."),
        "role_of_one_offer": N_("A role is held once the person it is offered to has accepted it."),
        "role_stays": N_("A role that was given does not change; it ends, and another is offered."),
        "role_offer_once": N_("This person has been invited for this role already."),
        "role_offer_second_person": N_("Nobody gives a role to themselves. Ask another person who may."),
        "role_offer_state": N_("This invitation has been answered or withdrawn already."),
        "role_offer_frozen": N_("This invitation has been answered or withdrawn already."),
    }
)


class ExchangeRate(Table, tablename="exchange_rate"):
    id = BigInt(primary_key=True)
    source = Text()
    base = Varchar(length=3)
    currency = Varchar(length=3)
    rate = Numeric(digits=(18, 8))
    valid_from = Date()
    valid_to = Date(null=True)
    imported_at = Timestamptz()
