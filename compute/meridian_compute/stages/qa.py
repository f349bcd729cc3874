"""QA: compare a tile or mosaic with the catalogue, or with the truth of a simulation, and give a verdict.

The parts are in ``quality/``: expected sources, their matches in the image, a blind source finder, the checks,
the picture.
"""
