"""Who there is: places, the programme, organisations, accounts and their roles. The constraints are in migrations/."""

from piccolo.columns import JSONB, Boolean, Bytea, Date, Integer, Interval, Numeric, Text, Timestamptz, Varchar
from piccolo.columns import UUID as Uuid
from piccolo.table import Table

from foundation.database import refusals
from foundation.language import N_


class Municipality(Table, tablename="municipality"):
    id = Uuid(primary_key=True)
    slug = Text(default=None)
    position = Integer(default=None)
    name_ka = Text(default=None)
    name_en = Text(default=None)
    full_name_ka = Text(default=None)
    full_name_en = Text(default=None)
    region = Text(default=None)
    latitude = Numeric(digits=(8, 5), default=None)
    longitude = Numeric(digits=(8, 5), default=None)


class Programme(Table, tablename="programme"):
    id = Uuid(primary_key=True)
    name_ka = Text(default=None)
    name_en = Text(default=None)
    donor_ka = Text(default=None)
    donor_en = Text(default=None)
    contract_number = Text(null=True, default=None)
    currency = Varchar(default=None)
    budget = Numeric(digits=(14, 2), default=None)
    starts_on = Date(null=True, default=None)
    ends_on = Date(null=True, default=None)
    director_threshold = Numeric(digits=(14, 2), default=None)
    most_per_organisation = Numeric(digits=(14, 2), null=True, default=None)
    bank_cooling = Interval(default=None)
    help_phone = Text(null=True, default=None)
    help_email = Text(null=True, default=None)
    example = Boolean(default=None)
    example_loaded_at = Timestamptz(null=True, default=None)
    revision = Integer(default=None)
    updated = Timestamptz(default=None)


class Organisation(Table, tablename="organisation"):
    id = Uuid(primary_key=True)
    code = Text(null=True, default=None)
    kind = Text(default=None)
    name_ka = Text(null=True, default=None)
    name_en = Text(null=True, default=None)
    other_names = Text(null=True, default=None)
    identification_code = Text(null=True, default=None)
    municipality_id = Uuid(null=True, default=None)
    experience = Text(null=True, default=None)
    established = Text(null=True, default=None)
    website = Text(null=True, default=None)
    note = Text(null=True, default=None)
    source = Text(null=True, default=None)
    curator_id = Uuid(null=True, default=None)
    registered_by = Uuid(null=True, default=None)
    confirmed_at = Timestamptz(null=True, default=None)
    created = Timestamptz(default=None)
    revision = Integer(default=None)
    updated = Timestamptz(default=None)


class CuratedMunicipality(Table, tablename="curated_municipality"):
    organisation_id = Uuid(default=None)
    municipality_id = Uuid(default=None)


class Account(Table, tablename="account"):
    id = Uuid(primary_key=True)
    email = Varchar(default=None)
    name = Text(default=None)
    phone = Text(null=True, default=None)
    language = Text(default=None)
    password_hash = Text(null=True, default=None)
    active = Boolean(default=None)
    example = Boolean(default=None)
    created = Timestamptz(default=None)
    revision = Integer(default=None)
    updated = Timestamptz(default=None)


class Role(Table, tablename="role"):
    id = Uuid(primary_key=True)
    account_id = Uuid(default=None)
    kind = Text(default=None)
    organisation_id = Uuid(null=True, default=None)
    since = Date(default=None)
    until = Date(null=True, default=None)


class RoleMunicipality(Table, tablename="role_municipality"):
    role_id = Uuid(default=None)
    municipality_id = Uuid(default=None)


class Session(Table, tablename="session"):
    token_sha256 = Bytea(primary_key=True)
    id = Uuid(default=None)
    account_id = Uuid(default=None)
    created = Timestamptz(default=None)
    seen = Timestamptz(default=None)
    expires = Timestamptz(default=None)
    agent = Text(null=True, default=None)


class AccessToken(Table, tablename="access_token"):
    token_sha256 = Bytea(primary_key=True)
    account_id = Uuid(default=None)
    purpose = Text(default=None)
    created = Timestamptz(default=None)
    expires = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class Registration(Table, tablename="registration"):
    id = Uuid(primary_key=True)
    token_sha256 = Bytea(default=None)
    email = Varchar(default=None)
    facts = JSONB(default=None)
    created = Timestamptz(default=None)
    expires = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)


class SignInAttempt(Table, tablename="sign_in_attempt"):
    id = Uuid(primary_key=True)
    email_key = Bytea(default=None)
    address_key = Bytea(default=None)
    purpose = Text(default=None)
    at = Timestamptz(default=None)
    succeeded = Boolean(default=None)


refusals(
    {
        "account_email_key": N_("Somebody already has an account with this e-mail."),
        "organisation_identification_code_key": N_(
            "An organisation with this identification code is registered already."
        ),
        "organisation_identification_code": N_("The identification code has nine digits."),
        "role_once": N_("This person has this role already."),
        "role_organisation": N_("This role belongs to an organisation: choose which."),
        "role_of_its_kind": N_("This kind of organisation does not have this role."),
        "role_on_one_side": N_("Whoever works for an applicant cannot work for the programme as well."),
    }
)
