"""Diffusion models: the equations behind them."""
