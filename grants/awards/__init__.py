"""The award, the agreement both sides sign, and when it must report."""
