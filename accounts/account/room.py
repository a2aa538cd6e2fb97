"""What a person's own account brings to the house."""

from accounts.account import pages
from lifecycle.room import Room

ROOM = Room("account", routes=pages.ROUTES)
