"""The sentences of the agreement. They are our own; a programme's lawyer should read them before they bind anybody."""

from foundation.language import N_

SUBJECT = N_(
    "The funder gives the grantee a grant for the project named above, as it is described in application {number},"
    " which is part of this agreement together with its budget."
)
PERIOD = N_(
    "The grantee carries out the project between {start} and {end} and answers for it alone towards the funder."
)
AMOUNT = N_(
    "The grant is {amount} ({words}). It covers costs of the budget in the annex that are necessary, really paid,"
    " and proved by documents."
)
NO_PROFIT = N_("The grant may not bring a profit, and no cost may be paid twice from two sources.")
PAYMENT = N_(
    "The grant is paid in tranches to the grantee's own bank account, once it is verified and once the conditions"
    " beside each tranche are fulfilled."
)
RESULTS = N_(
    "The grantee undertakes to work for these results and reports on each of them truthfully, with evidence; a number"
    " that is not reached is not in itself a breach."
)
REPORTS = N_(
    "The grantee reports on activities, results and spending, with evidence, for each period of this calendar."
)
VISITS = N_(
    "The funder may visit the activities and see every document of the project; so may the donor, its auditors and"
    " anyone they send. The grantee keeps the documents for as long as the contract of the programme demands."
)
EMBLEM = N_(
    "Whatever is printed, published or shown from this grant carries the emblem of the European Union together with"
    " the words “Funded by the European Union”, no smaller than any other sign beside them."
)
DISCLAIMER = N_(
    "It also says that its content is the responsibility of the grantee and does not necessarily reflect the views of"
    " the European Union. Nobody is photographed or named without their consent."
)
CHANGES = N_(
    "Amount, tranches, dates and budget change only in writing, signed by both sides before the change takes effect."
)
SUSPENSION = N_(
    "The funder may suspend or end this agreement with a written reason when the project is not carried out as agreed,"
    " when reports are missing, or when money was used for something else."
)
RECOVERY = N_(
    "Money that was not used, or not used as agreed, is returned within thirty days after the funder asks for it."
)
IN_BOTH = {
    "ka": N_("This agreement is written in Georgian and English. Where the two differ, the Georgian text prevails."),
    "en": N_("This agreement is written in Georgian and English. Where the two differ, the English text prevails."),
}
IN_ONE = {
    "ka": N_("This agreement is written in Georgian, and this text prevails over any translation."),
    "en": N_("This agreement is written in English, and this text prevails over any translation."),
}
PURCHASES = N_(
    "The grantee chooses suppliers openly and at a reasonable price, avoids conflicts of interest, and keeps the papers"
    " that show how each was chosen."
)
INTEGRITY = N_(
    "Nobody offers or takes an undue advantage. The grantee tells the funder without delay of any suspicion of fraud or"
    " of a conflict of interest."
)
PERSONAL_DATA = N_(
    "Both sides handle personal data only as far as the project needs them, and as the law of Georgia on personal data"
    " protection demands."
)
LAW = N_(
    "The law of Georgia governs this agreement. Disputes are settled by negotiation and, where that fails, by the"
    " courts of Georgia."
)
FORCE = N_(
    "The agreement takes effect on the day on which both sides have signed it, and lasts until every obligation is"
    " fulfilled. It is made in two copies, one for each side."
)
BUDGET = N_("The grant pays {amount} of these costs; the grantee bears its own share.")
BUDGET_ABOVE = N_(
    "The grant pays {amount} of these costs. What goes beyond it the grantee bears, or the budget is changed by an"
    " amendment."
)
