"""A report as slides: one deck of one message each, drawn as PowerPoint file and as presenter mode."""
