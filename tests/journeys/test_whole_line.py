"""A grant's whole life in one browser: from a curator's draft of a call to the photo behind the donor's number."""

from __future__ import annotations

import pytest

from tests.conftest import _sql
from tests.journeys.chapters import application, award, call, payment, recommendation, report, result, review, visit
from tests.journeys.people import Story


@pytest.fixture
async def story(new_site, people):
    site = new_site("whole_line")
    # three days would be long to wait: how long a new bank account rests is a setting of the programme
    await _sql(site.dsn, "UPDATE programme SET bank_cooling = '0'")
    told = Story(site, people(site))
    yield told
    await told.leave()


async def test_the_whole_line(story):
    its_call = await call.a_call_is_written_and_opens(story)
    number = await application.an_organisation_applies(story, its_call)
    await payment.a_bank_account_is_entered_and_verified(story)
    await call.it_closes(story, its_call)
    await application.it_is_checked(story, number)
    await review.two_reviewers_score(story, its_call, number)
    await review.the_committee_decides(story, its_call, number)
    grant = await award.the_director_approves(story, number)
    await award.the_agreement_is_drafted_and_signed(story, grant)
    await payment.a_tranche_is_paid(story, grant)
    its_visit = await visit.a_visit_is_planned_and_recorded(story, grant)
    finding = await visit.a_finding_is_written(story, its_visit)
    await visit.somebody_else_approves_it(story, its_visit)
    await visit.the_organisation_answers(story, finding)
    await recommendation.it_is_issued_followed_up_and_verified(story, finding)
    before = await result.the_number_before(story)
    await report.a_number_is_promised(story, grant)
    await report.it_is_reported(story, grant)
    await report.it_is_verified_and_accepted_by_two(story, grant)
    await result.the_donor_opens_the_number_down_to_a_photo(story, grant, its_visit, before)
