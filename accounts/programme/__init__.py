"""The programme everything belongs to: who pays, how much, and from which amount the director decides."""
