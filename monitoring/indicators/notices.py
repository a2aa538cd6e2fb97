"""What the worker does for indicators: grants that history, or a hand in the database, has changed are summed up."""

from lifecycle.timed import every
from monitoring.indicators.summary import sum_up_what_waits

every(60)(sum_up_what_waits)
