"""Asking VizieR for the part of a survey that lies in a cone."""

from __future__ import annotations

import warnings
from typing import Any

from ..contract import StageFailure
from ..specs.catalog import CatalogCone, CatalogName
from .dialects import SURVEYS


def fetch_cone(name: CatalogName, cone: CatalogCone, timeout_s: float) -> Any:
    """Every row of a survey in a cone, with all columns, as an astropy ``Table``.

    Raises:
        StageFailure: SERVICE_UNAVAILABLE when VizieR does not answer in time; FILE_EMPTY when the survey has nothing
            there.
    """
    from astropy import units
    from astropy.coordinates import SkyCoord
    from astroquery.vizier import Vizier

    table = SURVEYS[name].vizier_table
    vizier = Vizier(columns=["**", "_RAJ2000", "_DEJ2000"], catalog=[table], row_limit=-1, timeout=timeout_s)
    centre = SkyCoord(cone.ra_deg, cone.dec_deg, unit="deg", frame="icrs")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = vizier.query_region(centre, radius=cone.radius_deg * units.deg, cache=False)
    except Exception as cause:
        message = (
            f"VizieR did not answer within {timeout_s:g} s ({type(cause).__name__}). Check the network; without one, "
            f"download {table} elsewhere and run: meridian catalog import --name {name} --add FILE"
        )
        raise StageFailure("SERVICE_UNAVAILABLE", message, service="vizier", table=table) from cause
    if len(found) == 0 or len(found[0]) == 0:
        message = f"{table} lists nothing within {cone.radius_deg:g} deg of {cone.ra_deg:.4f} {cone.dec_deg:+.4f}"
        raise StageFailure("FILE_EMPTY", message, table=table)
    return found[0]
