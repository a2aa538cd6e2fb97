"""What meetings and achievements bring to the house."""

from lifecycle.room import Room
from monitoring.meetings import pages

ROOM = Room("meetings", routes=pages.ROUTES)
