"""Every read of reviews, rankings and minutes. Others' scores stay out of sight of whoever has not locked their own."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.person import Person
from foundation.database import Row, all_of, one_of, row, rows, value
from grants.applications.lifecycle import State as ApplicationState
from grants.applications.tables import Application
from grants.calls.tables import Call
from grants.reviews.lifecycle import FUNDED, State, looks_over_reviews
from grants.reviews.ranking import RANKED, Line, Place
from grants.reviews.suggestion import Need, Reviewer
from grants.reviews.tables import Decision, MeetingMinutes, Review, Score
from lifecycle.owned import without_hands

PER_PAGE = 50
FUNDED_SQL = ", ".join(f"'{outcome}'" for outcome in sorted(FUNDED))
# of `application a`, lowest first
TOTALS = (
    "ARRAY(SELECT v.total FROM review v WHERE v.application_id = a.id AND review_is_locked(v.state) ORDER BY v.total)"
)
NAMED = """SELECT v.*, a.number, a.state AS application_state, a.organisation_id, a.title_ka, a.title_en,
  o.name_ka AS organisation_name_ka, o.name_en AS organisation_name_en, p.name AS reviewer_name,
  c.reference, c.state AS call_state, c.title_ka AS call_title_ka, c.title_en AS call_title_en
FROM review v JOIN application a ON a.id = v.application_id JOIN organisation o ON o.id = a.organisation_id
JOIN call c ON c.id = v.call_id JOIN account p ON p.id = v.reviewer_id"""


def visible_to(person: Person, first: int = 1) -> tuple[str, list[object]]:
    """A condition over `review v`: that a review exists, and how far it is. What it says is another question."""
    if looks_over_reviews(person):
        return "true", []
    return f"(v.reviewer_id = ${first} AND ${first + 1})", [person.id, person.is_reviewer]


def blind(person: Person, first: int) -> tuple[str, list[object]]:
    """A condition over `application a`: this person has, or had with a conflict, a review of it that is not locked, so
    nobody else's score may reach them, whatever other roles they hold."""
    condition = (
        f"EXISTS (SELECT 1 FROM review mine WHERE mine.application_id = a.id AND mine.reviewer_id = ${first}"
        " AND (review_unsettled(mine.state) OR mine.conflict))"
    )
    return condition, [person.id]


# one's own ---------------------------------------------------------------------------------------------------------


async def review_of(person: Person, key: UUID) -> Review | None:
    """With the names around it; None unless this person may know of it."""
    condition, args = visible_to(person, 2)
    return await one_of(Review, f"{NAMED} WHERE v.id = $1 AND {condition}", key, *args)


async def progress_of(person: Person) -> dict[str, int]:
    """How many of one's reviews are in each state."""
    found = await rows(
        "SELECT state, count(*) AS n FROM review WHERE reviewer_id = $1 AND NOT review_dropped(state) GROUP BY state",
        person.id,
    )
    return {each["state"]: each["n"] for each in found}


async def next_of(review: Review) -> UUID | None:
    """The reviewer's next review of the same call that still waits for them."""
    return await value(
        "SELECT v.id FROM review v JOIN application a ON a.id = v.application_id WHERE v.reviewer_id = $1"
        " AND v.call_id = $2 AND v.id <> $3 AND application_is_in_review(a.state)"
        " AND review_under_way(v.state)"
        " ORDER BY v.due_on NULLS LAST, a.number LIMIT 1",
        review.reviewer_id,
        review.call_id,
        review.id,
    )


async def others_in_call(review: Review) -> list[Review]:
    """The same person's other reviews of applications in this call that are not decided yet, held."""
    return await all_of(
        Review,
        "SELECT v.* FROM review v JOIN application a ON a.id = v.application_id WHERE v.reviewer_id = $1"
        " AND v.call_id = $2 AND v.id <> $3 AND review_counting(v.state) AND application_scorable(a.state)"
        " ORDER BY a.number FOR NO KEY UPDATE OF a, v",
        review.reviewer_id, review.call_id, review.id,
    )  # fmt: skip


async def scores_of(review: Review) -> dict[UUID, Score]:
    """By criterion; whoever calls has asked whose review it is."""
    found = await all_of(Score, "SELECT * FROM score WHERE review_id = $1", review.id)
    return {score.criterion_id: score for score in found}


# everybody's, as far as one may see --------------------------------------------------------------------------------


async def reviews_of(application: Application, person: Person) -> list[Review]:
    """The reviews of an application. `open_to_me` says whether this person may read one; only then does it carry
    `total`, `comment` and `scores` by criterion. A reviewer sees nobody else's review before locking their own."""
    unseen, unseen_args = blind(person, 4)
    found = await all_of(
        Review,
        f"""
        SELECT v.*, p.name AS reviewer_name, {unseen} AS hidden, (SELECT coalesce(json_agg(json_build_object(
            'criterion_id', s.criterion_id, 'points', s.points::text, 'comment', s.comment)), '[]')
          FROM score s WHERE s.review_id = v.id)::text AS scores
        FROM review v JOIN application a ON a.id = v.application_id JOIN account p ON p.id = v.reviewer_id
        WHERE v.application_id = $1 AND NOT review_dropped(v.state) AND ($2 OR v.reviewer_id = $3 OR EXISTS (
          SELECT 1 FROM review own WHERE own.application_id = a.id AND own.reviewer_id = $3
            AND review_is_locked(own.state)))
        ORDER BY v.created, v.id
        """,
        application.id,
        looks_over_reviews(person),
        person.id,
        *unseen_args,
    )
    for each in found:
        own = each.reviewer_id == person.id
        each.open_to_me = own or (each.state == State.LOCKED and not each.hidden)
        each.scores = _scores(each.scores) if each.open_to_me else {}
        if not each.open_to_me:
            each.total = each.comment = None
    return found


def _scores(told: str) -> dict[UUID, dict[str, object]]:
    return {
        UUID(score["criterion_id"]): {**score, "points": Decimal(score["points"]) if score["points"] else None}
        for score in json.loads(told)
    }


async def ranking_of(call: Call, person: Person) -> list[Place]:
    """Every application of the call that reached review, best first, with what was decided last."""
    return (await ranking_page(call, person, None, 0))[1]


async def ranking_page(call: Call, person: Person, limit: int | None, offset: int) -> tuple[Line, list[Place]]:
    """Some of them, and where the money ends among all."""
    return await _places(call, person, "true", limit, offset)


async def place_of(call: Call, person: Person, application: Application) -> Place | None:
    """Where one application stands among all of its call."""
    _line, found = await _places(call, person, "x.id = $8", None, 0, application.id)
    return found[0] if found else None


async def _places(
    call: Call, person: Person, which: str, limit: int | None, offset: int, *args: object
) -> tuple[Line, list[Place]]:
    ranked = RANKED.format(unseen=blind(person, 5)[0], funded=FUNDED_SQL)
    sql = f"""{ranked}
    SELECT t.*, a.*, o.name_ka AS organisation_name_ka,
      o.name_en AS organisation_name_en, m.slug, m.name_ka AS place_ka, m.name_en AS place_en, p.hidden, p.average,
      p.rank, p.tied, p.running, p.fits, p.wide, p.few, p.decision_id,
      CASE WHEN p.average IS NOT NULL THEN {TOTALS} ELSE '{{}}' END AS totals
    FROM (SELECT count(*) AS all_places, count(average) AS all_scored, count(*) FILTER (WHERE fits) AS all_fitting,
      coalesce(max(running), 0) AS all_wanted,
      coalesce(sum(given), 0) AS all_given FROM line) t
    LEFT JOIN (SELECT * FROM line x WHERE {which} ORDER BY place LIMIT $6 OFFSET $7) p ON true
    LEFT JOIN application a ON a.id = p.id LEFT JOIN organisation o ON o.id = a.organisation_id
    LEFT JOIN municipality m ON m.id = a.municipality_id ORDER BY p.place"""
    key = [call.id, call.envelope, call.wide_spread, call.min_reviews, person.id]
    found: list[Any] = await all_of(Application, sql, *key, limit, offset, *args)
    first = found[0]
    line = Line(first.all_places, first.all_scored, first.all_fitting, first.all_wanted, first.all_given)
    found = [each for each in found if each.id]
    decided = {}
    if wanted := [each.decision_id for each in found if each.decision_id]:
        decided = {each.id: each for each in await all_of(Decision, f"{DECIDED} WHERE d.id = ANY($1::uuid[])", wanted)}
    return line, [
        Place(
            each, each.totals, each.average, each.hidden, decided.get(each.decision_id), each.rank, each.tied,
            each.running, each.fits, [key for key, so in (("spread", each.wide), ("reviews", each.few)) if so],
        )
        for each in found
    ]  # fmt: skip


DECIDED = """SELECT d.*, m.number AS minutes_number, m.state AS minutes_state
FROM decision d JOIN meeting_minutes m ON m.id = d.minutes_id"""


async def decision_of(application: Application) -> Decision | None:
    """The last decision in signed minutes: what an award rests on. `decided_by` proposed it; `minutes_number` says
    where it stands."""
    return await one_of(
        Decision,
        "SELECT d.*, m.number AS minutes_number, m.signed_at, m.reserve_until FROM decision d"
        " JOIN meeting_minutes m ON m.id = d.minutes_id"
        " WHERE d.application_id = $1 AND meeting_minutes_is_signed(m.state) ORDER BY m.number DESC LIMIT 1",
        application.id,
    )


# minutes -----------------------------------------------------------------------------------------------------------


async def minutes_of(call: Call) -> list[MeetingMinutes]:
    return await all_of(
        MeetingMinutes,
        "SELECT m.*, (SELECT count(*) FROM decision d WHERE d.minutes_id = m.id) AS decisions,"
        " (SELECT name FROM account WHERE id = m.signed_by) AS signed_by_name"
        " FROM meeting_minutes m WHERE m.call_id = $1 ORDER BY m.number",
        call.id,
    )


async def minutes_number(call: Call, number: int) -> MeetingMinutes | None:
    found = [each for each in await minutes_of(call) if each.number == number]
    return found[0] if found else None


async def open_minutes(call: Call) -> MeetingMinutes | None:
    return await one_of(
        MeetingMinutes, "SELECT * FROM meeting_minutes WHERE call_id = $1 AND meeting_minutes_is_open(state)", call.id
    )


async def decisions_in(minutes: MeetingMinutes) -> list[Decision]:
    """By rank, with the application's number and names."""
    return await all_of(
        Decision,
        "SELECT d.*, a.number, a.title_ka, a.title_en, a.requested, a.currency, a.state AS application_state,"
        " a.organisation_id, o.name_ka AS organisation_name_ka, o.name_en AS organisation_name_en,"
        f" {TOTALS} AS totals, round((SELECT avg(t) FROM unnest({TOTALS}) t), 2) AS average"
        " FROM decision d JOIN application a ON a.id = d.application_id JOIN organisation o ON o.id = a.organisation_id"
        " WHERE d.minutes_id = $1 ORDER BY d.rank NULLS LAST, a.number",
        minutes.id,
    )


# assigning ---------------------------------------------------------------------------------------------------------


IN_A_PAGE = 50


async def applications_in_review(
    call: Call, limit: int | None = None, offset: int = 0, only: UUID | None = None, lacking: bool = False
) -> list[Any]:
    """With `reviews`: id, reviewer, state and due day of each live assignment, never a score. So many of them, `only`
    one, or those `lacking` reviewers."""
    # from the few that lack one, where only those are asked for
    among = " AND a.id IN (SELECT application_id FROM application_reviews WHERE call_id = $1 AND counting < $5::int)"
    found: list[Any] = await all_of(
        Application,
        f"""
        SELECT a.*, o.name_ka AS organisation_name_ka, o.name_en AS organisation_name_en, m.slug,
          m.name_ka AS place_ka, m.name_en AS place_en,
          (SELECT coalesce(json_agg(json_build_object('id', v.id, 'state', v.state, 'name', p.name,
              'reviewer_id', v.reviewer_id, 'due_on', v.due_on, 'declaration', v.declaration)
              ORDER BY v.created, v.id), '[]')
            FROM review v JOIN account p ON p.id = v.reviewer_id WHERE v.application_id = a.id)::text AS reviews
        FROM application a JOIN organisation o ON o.id = a.organisation_id
        LEFT JOIN municipality m ON m.id = a.municipality_id
        WHERE a.call_id = $1 AND application_scorable(a.state) AND ($4::uuid IS NULL OR a.id = $4)
          {among if lacking else ""} ORDER BY a.number LIMIT $2::int OFFSET $3::int
        """,
        call.id, limit, offset, only, *([call.min_reviews] if lacking else []),
    )  # fmt: skip
    for each in found:
        listed = json.loads(each.reviews)
        each.had = frozenset(UUID(review["reviewer_id"]) for review in listed)
        each.reviews = [
            {**review, "due_on": date.fromisoformat(review["due_on"]) if review["due_on"] else None}
            for review in listed
            if review["state"] != State.REPLACED
        ]
    return found


async def reviewers(call: Call) -> list[Reviewer]:
    """Everybody who may review, with their live reviews in this call and the organisations they ever belonged to."""
    found = await rows(
        """
        SELECT a.id, a.name, (SELECT count(*) FROM review v WHERE v.reviewer_id = a.id AND v.call_id = $1
            AND review_counting(v.state)) AS load,
          ARRAY(SELECT DISTINCT r.organisation_id FROM role r WHERE r.account_id = a.id
            AND r.organisation_id IS NOT NULL) AS organisations, connected(a.id, $1) AS connected
        FROM account a WHERE a.active AND EXISTS (SELECT 1 FROM role r WHERE r.account_id = a.id
          AND r.kind = 'reviewer' AND r.until IS NULL) ORDER BY a.name, a.id
        """,
        call.id,
    )
    return [
        Reviewer(each["id"], each["name"], each["load"], frozenset(each["organisations"]), each["connected"])
        for each in found
    ]


async def held(account_id: UUID | None) -> list[Review]:
    """Reviews this person has still to write; of nobody: those whose reviewer can no longer act."""
    return await all_of(
        Review,
        f"{NAMED} WHERE review_under_way(v.state) AND application_is_in_review(a.state) AND (v.reviewer_id = $1::uuid"
        f" OR $1::uuid IS NULL AND v.id IN {without_hands('review')}) ORDER BY a.number",
        account_id,
    )


def needs(call: Call, applications: list[Any]) -> list[Need]:
    """What each application in review still lacks; a conflicted reviewer is one too few."""
    return [
        Need(
            each.id,
            each.organisation_id,
            call.min_reviews - sum(review["state"] != State.CONFLICTED for review in each.reviews),
            each.had,
        )
        for each in applications
        if each.state == ApplicationState.IN_REVIEW
    ]


async def reviews_so_far(application: Application) -> tuple[int, int]:
    """How many of its reviews are locked, and how many somebody still has to finish."""
    found = await row(
        "SELECT count(*) FILTER (WHERE review_is_locked(state)) AS locked,"
        " count(*) FILTER (WHERE review_under_way(state)) AS under_way"
        " FROM review WHERE application_id = $1",
        application.id,
    )
    assert found is not None
    return found["locked"], found["under_way"]


async def counted_in_review(call: Call) -> Row:
    """How many applications there are to be reviewed, and how many of them want a reviewer who has declared."""
    found = await row(
        "SELECT (SELECT count(*) FROM application WHERE call_id = $1 AND application_scorable(state)) AS n,"
        " (SELECT count(*) FROM application_reviews WHERE call_id = $1 AND reading < $2::int) AS unready",
        call.id, call.min_reviews,
    )  # fmt: skip
    assert found is not None
    return found


async def lacking_declarations(call: Call) -> list[str]:
    """Numbers of applications in review with fewer clean declarations than the call wants."""
    found = await rows(
        "SELECT a.number FROM application_reviews n JOIN application a ON a.id = n.application_id"
        " WHERE n.call_id = $1 AND n.reading < $2::int ORDER BY a.number",
        call.id,
        call.min_reviews,
    )
    return [each["number"] for each in found]


async def states_in(call: Call) -> dict[str, int]:
    found = await rows("SELECT state, count(*) AS n FROM application WHERE call_id = $1 GROUP BY state", call.id)
    return {each["state"]: each["n"] for each in found}


async def application_in(call: Call, number: str) -> Application | None:
    """An application of this call, with its organisation's names; who may see the call's reviews was asked before."""
    return await one_of(
        Application,
        "SELECT a.*, o.name_ka AS organisation_name_ka, o.name_en AS organisation_name_en, m.slug,"
        " m.name_ka AS place_ka, m.name_en AS place_en, c.reference AS call_reference FROM application a"
        " JOIN call c ON c.id = a.call_id"
        " JOIN organisation o ON o.id = a.organisation_id LEFT JOIN municipality m ON m.id = a.municipality_id"
        " WHERE a.call_id = $1 AND a.number = $2 AND a.submitted_at IS NOT NULL",
        call.id,
        number,
    )


async def call_by_id(call_id: UUID) -> Call:
    found = await Call.objects().get(Call.id == call_id)
    assert found is not None
    return found
