"""How much a request may carry, unless its route says otherwise."""

BODY = 256 * 1024
# A browser writes each byte of a Georgian letter as three.
FORM = 3 * BODY
UPLOAD = 64 * 1024 * 1024
