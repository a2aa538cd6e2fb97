"""A call with its sections, questions, criteria and documents."""
