"""Meetings and achievements of the programme."""
