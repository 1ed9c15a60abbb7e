"""Tables: delimited text, its layout, and its columns as numbers."""
