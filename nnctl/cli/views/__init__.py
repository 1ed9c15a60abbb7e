"""What commands print: one view a subject."""
