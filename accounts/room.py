"""What the accounts of the house bring as a whole: their API, and what is set from the command line."""

from accounts import api
from lifecycle.room import Room

ROOM = Room(
    "accounts",
    routes=api.ROUTES,
    no_letter={
        "the operator does it at the command line": [
            "programme.begun",
            "programme.changed",
            "programme.limits_set",
            "programme.rates_imported",
        ],
    },
)
