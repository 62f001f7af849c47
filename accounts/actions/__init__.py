"""Every verb that changes an account or what belongs to it, one file a topic."""
