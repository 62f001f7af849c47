"""The job kinds of this room; each calls one action."""
