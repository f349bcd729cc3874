"""Combining tiles: the common grid, resampling, weights, and whether the tiles belong together."""
