"""The words for how indicators add up, and which rules go with which kind."""

from foundation.language import N_, labels
from monitoring.indicators.terms import Direction, Kind, Missing, Rule, Verdict

labels(
    Kind,
    {
        Kind.FLOW: N_("flow: each period adds to the one before"),
        Kind.STOCK: N_("level: as it is at the end of a period"),
        Kind.RUNNING_TOTAL: N_("running total: everything since the beginning"),
        Kind.RATIO: N_("share: a part of a whole"),
        Kind.MEAN: N_("mean: of several answers"),
        Kind.UNIQUE: N_("different people, each counted once"),
        Kind.ORDINAL: N_("grade: counted, never averaged"),
        Kind.TEXT: N_("words only"),
    },
)
labels(
    Rule,
    {
        Rule.SUM: N_("added up"),
        Rule.LAST: N_("the latest counts"),
        Rule.MAX: N_("the largest counts"),
        Rule.MEAN: N_("the mean counts"),
        Rule.MIN: N_("the smallest counts"),
    },
)
labels(Direction, {Direction.UP: N_("more is better"), Direction.DOWN: N_("less is better")})
labels(
    Missing,
    {
        Missing.IGNORE: N_("show what there is, and how many have reported"),
        Missing.REQUIRE_ALL: N_("show no total until everybody has reported"),
    },
)
labels(
    Verdict,
    {
        Verdict.UNVERIFIED: N_("not verified yet"),
        Verdict.SAMPLED: N_("sampled"),
        Verdict.VERIFIED: N_("verified"),
        Verdict.CORRECTED: N_("corrected"),
        Verdict.CONTRADICTED: N_("contradicted"),
        Verdict.NOT_VERIFIABLE: N_("cannot be verified"),
    },
)

TIME_RULES = {
    Kind.FLOW: (Rule.SUM, Rule.MAX, Rule.MEAN),
    Kind.STOCK: (Rule.LAST, Rule.MAX, Rule.MEAN),
    Kind.RUNNING_TOTAL: (Rule.LAST,),
    Kind.RATIO: (Rule.SUM, Rule.LAST),
    Kind.MEAN: (Rule.MEAN, Rule.LAST),
    Kind.UNIQUE: (Rule.SUM,),
    Kind.ORDINAL: (Rule.LAST,),
    Kind.TEXT: (Rule.LAST,),
}
PLACE_RULES = (Rule.SUM, Rule.MEAN, Rule.MAX, Rule.MIN)
OVER_TIME = (Rule.SUM, Rule.LAST, Rule.MAX, Rule.MEAN)
