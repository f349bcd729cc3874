"""Whether an image can be trusted: fluxes, positions, noise, completeness and orientation, each as a check."""
