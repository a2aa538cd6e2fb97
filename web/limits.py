"""How much a request may carry, unless its route says otherwise."""

BODY = 256 * 1024
# Two hundred thousand Georgian letters of three bytes, each of which a browser writes as three.
FORM = 9 * 200_000
UPLOAD = 64 * 1024 * 1024
