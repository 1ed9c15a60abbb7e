"""What a training needs to go on, written and put back; what is recorded on the way."""
