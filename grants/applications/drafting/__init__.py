"""Writing an application: one topic a page, saved at once, sent when nothing is missing."""
