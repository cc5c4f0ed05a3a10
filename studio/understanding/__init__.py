"""What a motion shows: measured facts, the words for them, and answers to questions about them."""
