"""Rows for tests, put straight into the state a test is about."""
