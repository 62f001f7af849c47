"""The pages of the scoring room."""
