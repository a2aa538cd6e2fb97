"""What donors, auditors and the public see across all rooms, read only."""
