"""Files: the bytes by hash, and each act of uploading them."""
