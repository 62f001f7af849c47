"""The scoring room over the API."""
