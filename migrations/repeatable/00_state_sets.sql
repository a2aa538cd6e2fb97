-- Written by `python -m tools.state_sets` from the enums of states; change those, never this.
-- <table>_<set>(state) for a set of states, <table>_is_<state>(state) for one.

CREATE OR REPLACE FUNCTION application_asked(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('clarification', 'correction');
CREATE OR REPLACE FUNCTION application_decided(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('ineligible', 'rejected', 'approved');
CREATE OR REPLACE FUNCTION application_dropped(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('expired', 'withdrawn', 'closed_by_cancellation');
CREATE OR REPLACE FUNCTION application_for_committee(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('scored', 'corrected');
CREATE OR REPLACE FUNCTION application_in_check(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('admin_check', 'clarification');
CREATE OR REPLACE FUNCTION application_live(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('submitted', 'admin_check', 'clarification', 'in_review', 'scored', 'correction', 'corrected', 'recommended', 'reserve');
CREATE OR REPLACE FUNCTION application_ranked(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('in_review', 'scored', 'correction', 'corrected', 'recommended', 'reserve', 'rejected', 'approved');
CREATE OR REPLACE FUNCTION application_scorable(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('in_review', 'scored');
CREATE OR REPLACE FUNCTION application_to_director(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('recommended', 'rejected', 'approved');
CREATE OR REPLACE FUNCTION application_undecided(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('submitted', 'admin_check', 'clarification', 'in_review', 'scored', 'correction', 'corrected');
CREATE OR REPLACE FUNCTION application_unsent(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('draft', 'awaiting_signoff');
CREATE OR REPLACE FUNCTION application_is_draft(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'draft';
CREATE OR REPLACE FUNCTION application_is_awaiting_signoff(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'awaiting_signoff';
CREATE OR REPLACE FUNCTION application_is_submitted(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'submitted';
CREATE OR REPLACE FUNCTION application_is_expired(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'expired';
CREATE OR REPLACE FUNCTION application_is_admin_check(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'admin_check';
CREATE OR REPLACE FUNCTION application_is_clarification(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'clarification';
CREATE OR REPLACE FUNCTION application_is_ineligible(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'ineligible';
CREATE OR REPLACE FUNCTION application_is_in_review(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'in_review';
CREATE OR REPLACE FUNCTION application_is_scored(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'scored';
CREATE OR REPLACE FUNCTION application_is_correction(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'correction';
CREATE OR REPLACE FUNCTION application_is_corrected(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'corrected';
CREATE OR REPLACE FUNCTION application_is_recommended(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'recommended';
CREATE OR REPLACE FUNCTION application_is_reserve(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'reserve';
CREATE OR REPLACE FUNCTION application_is_rejected(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'rejected';
CREATE OR REPLACE FUNCTION application_is_approved(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'approved';
CREATE OR REPLACE FUNCTION application_is_withdrawn(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'withdrawn';
CREATE OR REPLACE FUNCTION application_is_closed_by_cancellation(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'closed_by_cancellation';
CREATE OR REPLACE FUNCTION award_finished(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('terminated', 'closed');
CREATE OR REPLACE FUNCTION award_going_on(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('active', 'closing');
CREATE OR REPLACE FUNCTION award_halted(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('suspended', 'terminated');
CREATE OR REPLACE FUNCTION award_in_term(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('active', 'suspended');
CREATE OR REPLACE FUNCTION award_never_signed(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('declined', 'withdrawn_by_funder');
CREATE OR REPLACE FUNCTION award_running(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('active', 'suspended', 'closing');
CREATE OR REPLACE FUNCTION award_signed(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('active', 'suspended', 'closing', 'terminated', 'closed');
CREATE OR REPLACE FUNCTION award_stopped(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('declined', 'withdrawn_by_funder', 'suspended', 'terminated');
CREATE OR REPLACE FUNCTION award_unsigned(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('drafting', 'offered', 'signed_cso');
CREATE OR REPLACE FUNCTION award_is_drafting(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'drafting';
CREATE OR REPLACE FUNCTION award_is_offered(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'offered';
CREATE OR REPLACE FUNCTION award_is_declined(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'declined';
CREATE OR REPLACE FUNCTION award_is_withdrawn_by_funder(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'withdrawn_by_funder';
CREATE OR REPLACE FUNCTION award_is_signed_cso(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'signed_cso';
CREATE OR REPLACE FUNCTION award_is_active(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'active';
CREATE OR REPLACE FUNCTION award_is_suspended(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'suspended';
CREATE OR REPLACE FUNCTION award_is_closing(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'closing';
CREATE OR REPLACE FUNCTION award_is_terminated(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'terminated';
CREATE OR REPLACE FUNCTION award_is_closed(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'closed';
CREATE OR REPLACE FUNCTION blob_unexamined(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('received', 'quarantined');
CREATE OR REPLACE FUNCTION blob_unusable(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'rejected';
CREATE OR REPLACE FUNCTION blob_usable(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'clean';
CREATE OR REPLACE FUNCTION blob_is_received(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'received';
CREATE OR REPLACE FUNCTION blob_is_quarantined(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'quarantined';
CREATE OR REPLACE FUNCTION blob_is_clean(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'clean';
CREATE OR REPLACE FUNCTION blob_is_rejected(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'rejected';
CREATE OR REPLACE FUNCTION call_after_deadline(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('closed', 'evaluating', 'decided', 'completed');
CREATE OR REPLACE FUNCTION call_approved(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('scheduled', 'open', 'suspended', 'closed', 'evaluating', 'decided', 'completed');
CREATE OR REPLACE FUNCTION call_before_deadline(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('open', 'suspended');
CREATE OR REPLACE FUNCTION call_concluded(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('decided', 'completed');
CREATE OR REPLACE FUNCTION call_dropped(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'cancelled';
CREATE OR REPLACE FUNCTION call_in_evaluation(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('closed', 'evaluating');
CREATE OR REPLACE FUNCTION call_past(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('closed', 'evaluating', 'decided', 'completed', 'cancelled');
CREATE OR REPLACE FUNCTION call_public(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('open', 'suspended', 'closed', 'evaluating', 'decided', 'completed');
CREATE OR REPLACE FUNCTION call_unapproved(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('draft', 'in_approval');
CREATE OR REPLACE FUNCTION call_unpublished(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('draft', 'in_approval', 'scheduled');
CREATE OR REPLACE FUNCTION call_is_draft(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'draft';
CREATE OR REPLACE FUNCTION call_is_in_approval(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'in_approval';
CREATE OR REPLACE FUNCTION call_is_scheduled(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'scheduled';
CREATE OR REPLACE FUNCTION call_is_open(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'open';
CREATE OR REPLACE FUNCTION call_is_suspended(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'suspended';
CREATE OR REPLACE FUNCTION call_is_closed(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'closed';
CREATE OR REPLACE FUNCTION call_is_evaluating(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'evaluating';
CREATE OR REPLACE FUNCTION call_is_decided(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'decided';
CREATE OR REPLACE FUNCTION call_is_completed(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'completed';
CREATE OR REPLACE FUNCTION call_is_cancelled(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'cancelled';
CREATE OR REPLACE FUNCTION event_job_open(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'waiting';
CREATE OR REPLACE FUNCTION event_job_over(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('done', 'failed');
CREATE OR REPLACE FUNCTION event_job_is_waiting(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'waiting';
CREATE OR REPLACE FUNCTION event_job_is_done(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'done';
CREATE OR REPLACE FUNCTION event_job_is_failed(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'failed';
CREATE OR REPLACE FUNCTION finding_dropped(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'withdrawn';
CREATE OR REPLACE FUNCTION finding_settled(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('final', 'closed');
CREATE OR REPLACE FUNCTION finding_shared(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('shared', 'responded', 'final', 'closed');
CREATE OR REPLACE FUNCTION finding_unsettled(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('draft', 'shared', 'responded');
CREATE OR REPLACE FUNCTION finding_unshared(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'draft';
CREATE OR REPLACE FUNCTION finding_is_draft(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'draft';
CREATE OR REPLACE FUNCTION finding_is_shared(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'shared';
CREATE OR REPLACE FUNCTION finding_is_responded(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'responded';
CREATE OR REPLACE FUNCTION finding_is_final(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'final';
CREATE OR REPLACE FUNCTION finding_is_closed(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'closed';
CREATE OR REPLACE FUNCTION finding_is_withdrawn(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'withdrawn';
CREATE OR REPLACE FUNCTION meeting_minutes_is_open(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'open';
CREATE OR REPLACE FUNCTION meeting_minutes_is_signed(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'signed';
CREATE OR REPLACE FUNCTION publication_public(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'published';
CREATE OR REPLACE FUNCTION publication_told(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('published', 'withdrawn');
CREATE OR REPLACE FUNCTION publication_is_draft(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'draft';
CREATE OR REPLACE FUNCTION publication_is_published(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'published';
CREATE OR REPLACE FUNCTION publication_is_withdrawn(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'withdrawn';
CREATE OR REPLACE FUNCTION recommendation_final(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('verified', 'superseded', 'withdrawn', 'risk_accepted');
CREATE OR REPLACE FUNCTION recommendation_live(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('issued', 'accepted', 'disputed', 'in_progress', 'reported_done', 'partly', 'reopened');
CREATE OR REPLACE FUNCTION recommendation_prompt(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('draft', 'issued', 'disputed', 'reported_done');
CREATE OR REPLACE FUNCTION recommendation_running(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('issued', 'accepted', 'disputed', 'in_progress', 'partly', 'reopened');
CREATE OR REPLACE FUNCTION recommendation_standing(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('issued', 'accepted', 'disputed', 'in_progress', 'reported_done', 'verified', 'partly', 'reopened', 'risk_accepted');
CREATE OR REPLACE FUNCTION recommendation_unissued(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'draft';
CREATE OR REPLACE FUNCTION recommendation_is_draft(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'draft';
CREATE OR REPLACE FUNCTION recommendation_is_issued(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'issued';
CREATE OR REPLACE FUNCTION recommendation_is_accepted(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'accepted';
CREATE OR REPLACE FUNCTION recommendation_is_disputed(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'disputed';
CREATE OR REPLACE FUNCTION recommendation_is_in_progress(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'in_progress';
CREATE OR REPLACE FUNCTION recommendation_is_reported_done(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'reported_done';
CREATE OR REPLACE FUNCTION recommendation_is_verified(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'verified';
CREATE OR REPLACE FUNCTION recommendation_is_partly(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'partly';
CREATE OR REPLACE FUNCTION recommendation_is_reopened(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'reopened';
CREATE OR REPLACE FUNCTION recommendation_is_superseded(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'superseded';
CREATE OR REPLACE FUNCTION recommendation_is_withdrawn(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'withdrawn';
CREATE OR REPLACE FUNCTION recommendation_is_risk_accepted(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'risk_accepted';
CREATE OR REPLACE FUNCTION report_ahead(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'scheduled';
CREATE OR REPLACE FUNCTION report_checkable(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('submitted', 'under_review');
CREATE OR REPLACE FUNCTION report_claiming(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('submitted', 'under_review', 'verified', 'accepted');
CREATE OR REPLACE FUNCTION report_examined(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('submitted', 'under_review', 'verified');
CREATE OR REPLACE FUNCTION report_given_up(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('lapsed', 'waived');
CREATE OR REPLACE FUNCTION report_sent(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('submitted', 'under_review', 'returned', 'lapsed', 'verified', 'accepted');
CREATE OR REPLACE FUNCTION report_settled(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('lapsed', 'accepted', 'waived');
CREATE OR REPLACE FUNCTION report_writable(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('open', 'returned');
CREATE OR REPLACE FUNCTION report_is_scheduled(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'scheduled';
CREATE OR REPLACE FUNCTION report_is_open(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'open';
CREATE OR REPLACE FUNCTION report_is_submitted(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'submitted';
CREATE OR REPLACE FUNCTION report_is_under_review(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'under_review';
CREATE OR REPLACE FUNCTION report_is_returned(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'returned';
CREATE OR REPLACE FUNCTION report_is_lapsed(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'lapsed';
CREATE OR REPLACE FUNCTION report_is_verified(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'verified';
CREATE OR REPLACE FUNCTION report_is_accepted(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'accepted';
CREATE OR REPLACE FUNCTION report_is_waived(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'waived';
CREATE OR REPLACE FUNCTION review_counting(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('invited', 'clear', 'drafting', 'locked', 'reopened');
CREATE OR REPLACE FUNCTION review_done(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('conflicted', 'locked');
CREATE OR REPLACE FUNCTION review_dropped(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'replaced';
CREATE OR REPLACE FUNCTION review_reading(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('clear', 'drafting', 'locked', 'reopened');
CREATE OR REPLACE FUNCTION review_scoring(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('clear', 'drafting', 'reopened');
CREATE OR REPLACE FUNCTION review_under_way(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('invited', 'clear', 'drafting', 'reopened');
CREATE OR REPLACE FUNCTION review_unsettled(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('invited', 'clear', 'conflicted', 'drafting', 'reopened');
CREATE OR REPLACE FUNCTION review_is_invited(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'invited';
CREATE OR REPLACE FUNCTION review_is_clear(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'clear';
CREATE OR REPLACE FUNCTION review_is_conflicted(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'conflicted';
CREATE OR REPLACE FUNCTION review_is_drafting(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'drafting';
CREATE OR REPLACE FUNCTION review_is_locked(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'locked';
CREATE OR REPLACE FUNCTION review_is_reopened(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'reopened';
CREATE OR REPLACE FUNCTION review_is_replaced(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'replaced';
CREATE OR REPLACE FUNCTION role_offer_is_pending(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'pending';
CREATE OR REPLACE FUNCTION role_offer_is_accepted(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'accepted';
CREATE OR REPLACE FUNCTION role_offer_is_declined(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'declined';
CREATE OR REPLACE FUNCTION role_offer_is_withdrawn(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'withdrawn';
CREATE OR REPLACE FUNCTION tranche_ahead(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'planned';
CREATE OR REPLACE FUNCTION tranche_dropped(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'cancelled';
CREATE OR REPLACE FUNCTION tranche_moving(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('due', 'requested', 'certified', 'approved', 'authorised', 'sent', 'failed');
CREATE OR REPLACE FUNCTION tranche_on_the_way(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('requested', 'certified', 'approved', 'authorised');
CREATE OR REPLACE FUNCTION tranche_paid(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('paid', 'confirmed', 'recovery_due', 'recovered', 'written_off');
CREATE OR REPLACE FUNCTION tranche_recalled(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('recovery_due', 'recovered', 'written_off');
CREATE OR REPLACE FUNCTION tranche_settled(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('confirmed', 'cancelled', 'recovered', 'written_off');
CREATE OR REPLACE FUNCTION tranche_to_do(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('due', 'requested', 'certified', 'approved', 'authorised', 'sent', 'failed', 'recovery_due');
CREATE OR REPLACE FUNCTION tranche_is_planned(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'planned';
CREATE OR REPLACE FUNCTION tranche_is_due(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'due';
CREATE OR REPLACE FUNCTION tranche_is_requested(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'requested';
CREATE OR REPLACE FUNCTION tranche_is_certified(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'certified';
CREATE OR REPLACE FUNCTION tranche_is_approved(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'approved';
CREATE OR REPLACE FUNCTION tranche_is_authorised(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'authorised';
CREATE OR REPLACE FUNCTION tranche_is_sent(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'sent';
CREATE OR REPLACE FUNCTION tranche_is_failed(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'failed';
CREATE OR REPLACE FUNCTION tranche_is_paid(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'paid';
CREATE OR REPLACE FUNCTION tranche_is_confirmed(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'confirmed';
CREATE OR REPLACE FUNCTION tranche_is_cancelled(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'cancelled';
CREATE OR REPLACE FUNCTION tranche_is_recovery_due(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'recovery_due';
CREATE OR REPLACE FUNCTION tranche_is_recovered(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'recovered';
CREATE OR REPLACE FUNCTION tranche_is_written_off(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'written_off';
CREATE OR REPLACE FUNCTION visit_ahead(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('planned', 'confirmed');
CREATE OR REPLACE FUNCTION visit_dropped(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'cancelled';
CREATE OR REPLACE FUNCTION visit_handed_in(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('in_review', 'approved');
CREATE OR REPLACE FUNCTION visit_open(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('in_field', 'received', 'complete');
CREATE OR REPLACE FUNCTION visit_pending(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('planned', 'confirmed', 'in_field', 'received', 'complete', 'in_review');
CREATE OR REPLACE FUNCTION visit_told(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('received', 'complete', 'in_review', 'approved');
CREATE OR REPLACE FUNCTION visit_untold(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('planned', 'confirmed', 'in_field');
CREATE OR REPLACE FUNCTION visit_with_lead(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state IN ('planned', 'confirmed', 'in_field', 'received', 'complete');
CREATE OR REPLACE FUNCTION visit_is_planned(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'planned';
CREATE OR REPLACE FUNCTION visit_is_confirmed(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'confirmed';
CREATE OR REPLACE FUNCTION visit_is_in_field(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'in_field';
CREATE OR REPLACE FUNCTION visit_is_received(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'received';
CREATE OR REPLACE FUNCTION visit_is_complete(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'complete';
CREATE OR REPLACE FUNCTION visit_is_in_review(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'in_review';
CREATE OR REPLACE FUNCTION visit_is_approved(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'approved';
CREATE OR REPLACE FUNCTION visit_is_cancelled(state text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN state = 'cancelled';
