"""Random true and false statements for the checker: `python -m tests.fuzz`, `make fuzz`, and a short slice in the test suite."""
