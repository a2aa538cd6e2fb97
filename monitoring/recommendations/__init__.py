"""Recommendations and what followed them."""
