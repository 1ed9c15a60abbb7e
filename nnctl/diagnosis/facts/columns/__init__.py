"""What stands in the columns of a table: words for nothing, names, other units, and values far from all others."""
