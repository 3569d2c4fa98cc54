"""Mutation of the trusted folder: each rule is broken in turn, and a test has to fail. `python -m tests.mutation --help`."""
