"""How much a request may carry, unless its route says otherwise."""

BODY = 256 * 1024
UPLOAD = 64 * 1024 * 1024
