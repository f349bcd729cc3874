"""From a calibrated measurement set to a clean image: plan, drifting sources, the imagers, masks, metrics, products."""
