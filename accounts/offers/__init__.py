"""Roles that are offered to people, and what they answer: nobody holds one without having accepted it."""
