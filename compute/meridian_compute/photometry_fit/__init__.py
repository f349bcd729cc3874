"""Forced photometry: fluxes at known positions of an image, with honest errors."""
