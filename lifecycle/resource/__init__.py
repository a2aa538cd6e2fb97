"""A small room whole: its list, one record, the form that enters one, and every step, on pages and by the API."""
