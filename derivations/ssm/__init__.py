"""State space models and recurrent networks."""
