"""Moves between states and the one record that both proves and triggers."""
