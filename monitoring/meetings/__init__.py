"""Meetings, publications and achievements of the programme."""
