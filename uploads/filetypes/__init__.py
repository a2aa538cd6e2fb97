"""What may be uploaded, one module for each kind; each decides by parsing, and runs in a limited process."""
