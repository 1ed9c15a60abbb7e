"""The loop: which examples, when; and how its steps are compiled."""
