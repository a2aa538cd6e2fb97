"""Who may open which route, room by room; executed by tests/house/test_access.py."""
