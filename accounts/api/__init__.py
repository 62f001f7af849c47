"""The API of this room, one file a resource."""
