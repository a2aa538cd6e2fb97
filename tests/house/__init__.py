"""Tests of the house itself: what every room has promised."""
