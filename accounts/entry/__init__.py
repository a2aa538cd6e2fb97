"""Getting in and out: sign-in, passwords, invitations, registration, one's own account."""
