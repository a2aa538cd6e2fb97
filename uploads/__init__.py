"""Any file: received, examined, stored once under its hash, sent back by its owner's leave."""
