"""Reviews, their scores, and the committee that decides on them."""
