"""What signing in brings to the house."""

from accounts.entry import notices, pages
from lifecycle.room import Room
from lifecycle.timed import Timed

ROOM = Room(
    "entry",
    routes=pages.ROUTES,
    letters={"account.reset_asked": [notices.send_reset]},
    no_letter={
        "it is done by the person themselves, who reads it in their account": [
            "account.signed_in", "account.signed_out", "account.session_ended", "account.invitation_accepted",
            "account.password_reset", "account.password_changed", "account.changed",
        ],
        "a letter at each wrong password would be a way to flood somebody": ["account.sign_in_failed"],
    },
    timed=[Timed(notices.sweep, seconds=3600)],
)  # fmt: skip
