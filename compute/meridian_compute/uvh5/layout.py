"""To what the data of a file are phased: the three dialects the product reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .. import site
from .fields import HeaderFields

Layout = Literal["dsa110_meridian", "phased", "drift_zenith"]
Frame = Literal["ICRS", "J2000"]

_FRAMES: dict[str, Frame] = {"icrs": "ICRS", "fk5": "J2000"}
#: Where a DSA-110 file may keep its pointing declination, best first.
_DECLINATION_FIELDS = ("extra_keywords/phase_center_dec", "phase_center_app_dec", "phase_center_dec")


@dataclass(frozen=True, kw_only=True)
class Phasing:
    """To what the data are phased.

    Attributes:
        layout: ``dsa110_meridian``: fringe-stopped at apparent hour angle 0 and declination ``pointing_dec_rad``;
            ``phased``: to the direction ``ra_rad``, ``dec_rad`` of ``frame``; ``drift_zenith``: not fringe-stopped.
        name: of the phase centre, if it has one.
    """

    layout: Layout
    pointing_dec_rad: float | None = None
    ra_rad: float | None = None
    dec_rad: float | None = None
    frame: Frame = "ICRS"
    name: str = ""


def read_phasing(fields: HeaderFields) -> Phasing:
    """Tell the dialects apart: by DSA-110's own keywords first, else as the UVH5 standard says.

    Raises:
        StageFailure: HEADER_FIELD_MISSING or HEADER_FIELD_INVALID.
    """
    name = fields.text("object_name", default="")
    if _is_dsa110(fields):
        return Phasing(layout="dsa110_meridian", pointing_dec_rad=_pointing_dec_rad(fields), name=name)
    entries = fields.names("phase_center_catalog")
    if entries:
        return _from_catalog(fields, entries)
    kind = fields.text("phase_type", default="drift")
    if kind == "phased":
        return Phasing(
            layout="phased",
            ra_rad=fields.number("phase_center_ra"),
            dec_rad=fields.number("phase_center_dec"),
            frame=_frame(fields, "phase_center_frame"),
            name=name,
        )
    if kind != "drift":
        raise fields.invalid("phase_type", f"it is {kind!r}; drift or phased is expected")
    return Phasing(layout="drift_zenith", name=name)


def _is_dsa110(fields: HeaderFields) -> bool:
    """By the array's own keyword; where that is lost, by its name, unless the file says it is phased elsewhere.

    A file of the array without any declination is refused later: taken for a zenith drift it would look plausible.
    """
    if "extra_keywords/phase_center_epoch" in fields:
        return fields.text("extra_keywords/phase_center_epoch") == "HADEC"
    if fields.text("telescope_name", default="") not in site.MERIDIAN_TELESCOPES:
        return False
    catalog = [f"phase_center_catalog/{entry}/cat_type" for entry in fields.names("phase_center_catalog")]
    kinds = {fields.text(name, default="") for name in catalog} | {fields.text("phase_type", default="")}
    return not kinds & {"phased", "sidereal"}


def _pointing_dec_rad(fields: HeaderFields) -> float:
    name = next((name for name in _DECLINATION_FIELDS if name in fields), None)
    if name is None:
        raise fields.missing(_DECLINATION_FIELDS[0])
    dec_rad = float(np.median(fields.array(name)))
    if abs(dec_rad) > np.pi / 2:
        raise fields.invalid(name, f"a declination of {dec_rad} rad cannot be; it must be within pi/2")
    hour_angle = "extra_keywords/ha_phase_center"
    if hour_angle in fields and fields.number(hour_angle) != 0:
        raise fields.invalid(hour_angle, f"it is {fields.number(hour_angle)} rad; data phased to the meridian have 0")
    return dec_rad


def _from_catalog(fields: HeaderFields, entries: list[str]) -> Phasing:
    """The one phase centre that the data use."""
    if "phase_center_id_array" in fields:
        used = {str(int(number)) for number in np.unique(fields.array("phase_center_id_array"))}
        entries = [entry for entry in entries if entry in used]
    if len(entries) != 1:
        raise fields.invalid("phase_center_catalog", f"the data use {len(entries)} phase centres; one is supported")
    entry = f"phase_center_catalog/{entries[0]}"
    kind = fields.text(f"{entry}/cat_type")
    name = fields.text(f"{entry}/cat_name", default="")
    if kind == "unprojected":
        return Phasing(layout="drift_zenith", name=name)
    if kind != "sidereal":
        raise fields.invalid(f"{entry}/cat_type", f"it is {kind!r}; sidereal or unprojected is supported")
    return Phasing(
        layout="phased",
        ra_rad=fields.number(f"{entry}/cat_lon"),
        dec_rad=fields.number(f"{entry}/cat_lat"),
        frame=_frame(fields, f"{entry}/cat_frame"),
        name=name,
    )


def _frame(fields: HeaderFields, name: str) -> Frame:
    word = fields.text(name, default="icrs").lower()
    if word not in _FRAMES:
        raise fields.invalid(name, f"it is {word!r}; icrs or fk5 is supported")
    return _FRAMES[word]
