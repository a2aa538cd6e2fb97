"""What the programme measures, and what each grantee promised."""
