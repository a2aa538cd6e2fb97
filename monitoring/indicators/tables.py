"""What the programme measures, and what each grantee promised. The constraints are in migrations/."""

from piccolo.columns import JSONB, Array, Boolean, Date, Integer, Numeric, Text, Timestamptz
from piccolo.columns import UUID as Uuid
from piccolo.table import Table


class Indicator(Table, tablename="indicator"):
    id = Uuid(primary_key=True)
    programme_id = Uuid()
    code = Text()
    position = Integer()
    name_ka = Text(null=True)
    name_en = Text(null=True)
    definition_ka = Text(null=True)
    definition_en = Text(null=True)
    unit_ka = Text(null=True)
    unit_en = Text(null=True)
    kind = Text()
    time_rule = Text()
    place_rule = Text()
    direction = Text()
    missing = Text()
    people = Boolean()
    baseline = Numeric(digits=(18, 4), null=True)
    baseline_of = Numeric(digits=(18, 4), null=True)
    target = Numeric(digits=(18, 4), null=True)
    target_of = Numeric(digits=(18, 4), null=True)
    grades_ka = Array(base_column=Text())
    grades_en = Array(base_column=Text())
    active = Boolean()
    proposed = JSONB(null=True)
    proposed_by = Uuid(null=True)
    proposed_at = Timestamptz(null=True)
    proposed_reason = Text(null=True)
    confirmed_by = Uuid(null=True)
    revision = Integer()
    updated = Timestamptz()


class IndicatorChange(Table, tablename="indicator_change"):
    id = Uuid(primary_key=True)
    indicator_id = Uuid()
    before = JSONB()
    after = JSONB()
    reason = Text()
    proposed_by = Uuid()
    confirmed_by = Uuid()
    at = Timestamptz()


class AwardIndicator(Table, tablename="award_indicator"):
    award_id = Uuid()
    indicator_id = Uuid()
    baseline = Numeric(digits=(18, 4), null=True)
    baseline_of = Numeric(digits=(18, 4), null=True)
    target = Numeric(digits=(18, 4), null=True)
    target_of = Numeric(digits=(18, 4), null=True)


class ResultSum(Table, tablename="result_sum"):
    award_id = Uuid()
    indicator_id = Uuid()
    reported = Numeric(null=True)
    reported_of = Numeric(null=True)
    verified = Numeric(null=True)
    verified_of = Numeric(null=True)
    best = Numeric(null=True)
    best_of = Numeric(null=True)
    chosen = Integer()
    checked = Integer()
    whole = Numeric()
    covered = Numeric()
    confirmed = Numeric()
    women = Numeric(null=True)
    men = Numeric(null=True)
    periods = Array(base_column=Date())
    silent = Boolean()


class ResultUnsummed(Table, tablename="result_unsummed"):
    award_id = Uuid()
