"""Mathematics for its own sake."""
