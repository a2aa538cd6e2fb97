"""The committee: its ranked list, its decisions, and the minutes that make them final."""
