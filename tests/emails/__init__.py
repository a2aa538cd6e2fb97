"""Every event after which somebody gets an email: how it comes about, and what each who hears of it must read.

One module for each part of the house, with its EMAILS: a table of `Told`. tests/house/test_emails.py walks them all."""
