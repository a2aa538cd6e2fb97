"""What the programme measures, and what each grantee promised. The constraints are in migrations/."""

from piccolo.columns import UUID as Uuid
from piccolo.columns import Array, Boolean, Date, Integer, Numeric, Text, Timestamptz
from piccolo.table import Table


class Indicator(Table, tablename="indicator"):
    id = Uuid(primary_key=True)
    programme_id = Uuid(default=None)
    code = Text(default=None)
    position = Integer(default=None)
    name_ka = Text(null=True, default=None)
    name_en = Text(null=True, default=None)
    definition_ka = Text(null=True, default=None)
    definition_en = Text(null=True, default=None)
    unit_ka = Text(null=True, default=None)
    unit_en = Text(null=True, default=None)
    kind = Text(default=None)
    time_rule = Text(default=None)
    place_rule = Text(default=None)
    direction = Text(default=None)
    missing = Text(default=None)
    people = Boolean(default=None)
    baseline = Numeric(digits=(18, 4), null=True, default=None)
    target = Numeric(digits=(18, 4), null=True, default=None)
    active = Boolean(default=None)
    revision = Integer(default=None)
    updated = Timestamptz(default=None)


class AwardIndicator(Table, tablename="award_indicator"):
    award_id = Uuid(default=None)
    indicator_id = Uuid(default=None)
    baseline = Numeric(digits=(18, 4), null=True, default=None)
    target = Numeric(digits=(18, 4), null=True, default=None)
    target_of = Numeric(digits=(18, 4), null=True, default=None)


class ResultSum(Table, tablename="result_sum"):
    award_id = Uuid(default=None)
    indicator_id = Uuid(default=None)
    reported = Numeric(null=True, default=None)
    reported_of = Numeric(null=True, default=None)
    verified = Numeric(null=True, default=None)
    verified_of = Numeric(null=True, default=None)
    best = Numeric(null=True, default=None)
    best_of = Numeric(null=True, default=None)
    chosen = Integer(default=None)
    checked = Integer(default=None)
    whole = Numeric(default=None)
    covered = Numeric(default=None)
    confirmed = Numeric(default=None)
    women = Numeric(null=True, default=None)
    men = Numeric(null=True, default=None)
    periods = Array(base_column=Date(), default=None)
    silent = Boolean(default=None)


class ResultUnsummed(Table, tablename="result_unsummed"):
    award_id = Uuid(default=None)
