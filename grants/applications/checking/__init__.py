"""The curator's check: eligibility, questions back to the organisation, and into review or out."""
