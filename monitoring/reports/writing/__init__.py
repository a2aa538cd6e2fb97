"""The grantee's side of a report: its tasks, one topic a page, and sending it."""
