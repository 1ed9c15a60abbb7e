"""One step of learning as text and as JSON."""
