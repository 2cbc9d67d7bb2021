"""What fakes answer with, and what they remember."""
