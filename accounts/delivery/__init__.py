"""Letters that do not leave and work that fails after an event: seen by an administrator, and tried again."""
