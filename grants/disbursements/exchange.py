"""A payment into an account in another currency: at which rate, and who says so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from accounts.programme.rates import Method, rate_between
from foundation.language import gettext as _
from foundation.refused import Refused
from grants.disbursements.forms import Currency
from grants.disbursements.tables import Tranche

EXCHANGE = ("exchange_currency", "exchange_rate", "exchange_source")


async def exchange_of(
    tranche: Tranche, day: date, currency: Currency | None, rate: Decimal | None, source: str | None
) -> dict[str, object]:
    """The facts of the order. A rate has a source; without a rate the programme's method tells both."""
    if currency is not None and str(currency) == tranche.currency:
        raise Refused(_("That is the payment's own currency: leave it empty."))
    if rate is not None and not source:
        raise Refused(_("Write where the exchange rate comes from."))
    if rate is None and source:
        raise Refused(_("Write the exchange rate, or leave its source empty, too."))
    if currency is None and rate is None:
        return dict.fromkeys(EXCHANGE)
    if rate is None:
        found = await rate_between(tranche.currency, str(currency), day)
        if found is None:
            raise Refused(
                _("The programme has no rate for this currency on that day. Write the rate and where it comes from.")
            )
        rate, source = found[0].quantize(Decimal("1e-6")), source_of(Method(found[1]), day)
    return dict(zip(EXCHANGE, (currency and str(currency), rate, source), strict=True))


def source_of(method: Method, day: date) -> str:
    """As it is kept beside the order."""
    name = {Method.INFOREURO: "InforEuro", Method.NBG: "NBG"}[method]
    return f"{name}, {day:%Y-%m}" if method is Method.INFOREURO else f"{name}, {day}"
