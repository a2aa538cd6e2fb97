"""What the files of all rooms bring to the house: what nobody needs any more is swept out."""

from lifecycle.room import Room
from lifecycle.timed import Timed
from uploads.sweeping import sweep

ROOM = Room("uploads", timed=[Timed(sweep, seconds=3600)])
