"""Getting in and out: sign-in, new passwords, invitations."""
