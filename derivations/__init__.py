"""What is claimed and why it holds: one module a post, one folder an area."""
