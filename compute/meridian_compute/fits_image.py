"""FITS images: the one way to read them. Arrays are (n_y, n_x); pixels without data are NaN."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from astropy.io import fits
from astropy.io.fits.verify import VerifyError
from astropy.wcs import WCS, FITSFixedWarning
from numpy.typing import ArrayLike, NDArray

from .contract import StageFailure
from .frames import mjd_of_utc
from .specs.common import Beam

Float = NDArray[np.float64]
Pixels = NDArray[np.float32]

#: What the pixels are: brightness (scaled to Jy/beam) or a plain map (beam, weight, coverage).
Content = Literal["flux", "map"]

_JY_PER_UNIT = {"jy/beam": 1.0, "mjy/beam": 1e-3, "ujy/beam": 1e-6, "": 1.0}
_FITS_BLOCK_BYTES = 2880


@dataclass(frozen=True, kw_only=True)
class SkyImage:
    """One image plane on the sky.

    Attributes:
        path: where it was read from.
        data: (n_y, n_x) float32; Jy/beam for brightness; NaN where there are no data.
        wcs: celestial coordinate system, two axes.
        header: the FITS header as it is in the file.
        beam: restoring beam, None if the header has none.
    """

    path: Path
    data: Pixels
    wcs: WCS
    header: fits.Header
    beam: Beam | None

    @cached_property
    def cell_arcsec(self) -> float:
        """Pixel size along y, arcsec."""
        return float(np.hypot(*self.wcs.pixel_scale_matrix[:, 1]) * 3600)

    @property
    def center_deg(self) -> tuple[float, float]:
        """ICRS right ascension and declination of the reference position (the phase centre of a tile), degrees."""
        x, y = self.wcs.wcs.crpix
        ra, dec = self.to_icrs(x - 1, y - 1)
        return float(ra), float(dec)

    @property
    def mid_mjd(self) -> float | None:
        """Mid-exposure, MJD UTC: MJD-AVG, else the middle of DATE-OBS and DATE-END, else DATE-OBS."""
        return mid_mjd_of(self.header)

    @property
    def nu_eff_hz(self) -> float | None:
        """Effective frequency: the frequency axis, else RESTFRQ; None if the header has neither."""
        for axis in range(1, int(self.header.get("NAXIS", 0)) + 1):
            if str(self.header.get(f"CTYPE{axis}", "")).startswith("FREQ"):
                step = (1 - self.header.get(f"CRPIX{axis}", 1.0)) * self.header.get(f"CDELT{axis}", 0.0)
                return float(self.header[f"CRVAL{axis}"] + step)
        value = self.header.get("RESTFRQ", self.header.get("RESTFREQ"))
        return None if value is None else float(value)

    def to_pixel(self, ra_deg: ArrayLike, dec_deg: ArrayLike) -> tuple[Float, Float]:
        """0-based pixel coordinates (x, y) of ICRS directions; NaN for directions the projection cannot show."""
        ra, dec = np.broadcast_arrays(np.asarray(ra_deg, float), np.asarray(dec_deg, float))
        lon, lat = self._to_own_frame(ra, dec)
        x, y = self.wcs.wcs_world2pix(lon.ravel(), lat.ravel(), 0)
        return x.reshape(ra.shape), y.reshape(ra.shape)

    def to_icrs(self, x: ArrayLike, y: ArrayLike) -> tuple[Float, Float]:
        """ICRS right ascension in [0, 360) and declination, degrees, of 0-based pixel coordinates; NaN off the sky."""
        px, py = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
        lon, lat = self.wcs.wcs_pix2world(px.ravel(), py.ravel(), 0)
        lon, lat = self._from_own_frame(lon, lat)
        return np.mod(lon, 360).reshape(px.shape), lat.reshape(px.shape)

    def require_beam(self) -> Beam:
        """The restoring beam.

        Raises:
            StageFailure: IMAGE_INVALID if the header has none.
        """
        if self.beam is None:
            raise invalid(self.path, "has no restoring beam: BMAJ, BMIN and BPA are not in its header")
        return self.beam

    @cached_property
    def _is_icrs(self) -> bool:
        lon_type = str(self.wcs.wcs.ctype[0])
        return lon_type.startswith("RA") and str(self.wcs.wcs.radesys).strip() in ("", "ICRS")

    def _to_own_frame(self, ra: Float, dec: Float) -> tuple[Float, Float]:
        if self._is_icrs:
            return ra, dec
        from astropy.coordinates import SkyCoord
        from astropy.wcs.utils import wcs_to_celestial_frame

        own = SkyCoord(ra, dec, unit="deg", frame="icrs").transform_to(wcs_to_celestial_frame(self.wcs))
        return np.asarray(own.spherical.lon.deg), np.asarray(own.spherical.lat.deg)

    def _from_own_frame(self, lon: Float, lat: Float) -> tuple[Float, Float]:
        if self._is_icrs:
            return lon, lat
        from astropy.coordinates import SkyCoord
        from astropy.wcs.utils import wcs_to_celestial_frame

        icrs = SkyCoord(lon, lat, unit="deg", frame=wcs_to_celestial_frame(self.wcs)).icrs
        return np.asarray(icrs.ra.deg), np.asarray(icrs.dec.deg)


def invalid(path: Path, what: str) -> StageFailure:
    """The failure for an image that cannot be used."""
    return StageFailure("IMAGE_INVALID", f"the image {path} {what}", file=str(path))


def read_image(path: str | Path, content: Content = "flux") -> SkyImage:
    """Read a FITS image of two axes, or of more with length 1, as CASA, WSClean and ASKAPsoft write them.

    Pixels that are not finite, and zeros that reach in from the border (how some tools mark "no data"), become NaN.

    Args:
        path: FITS file.
        content: "flux" scales to Jy/beam by BUNIT and treats zero borders as no data; "map" leaves the values alone.

    Raises:
        StageFailure: FILE_MISSING, FILE_EMPTY, FILE_TRUNCATED, FILE_UNREADABLE; IMAGE_NO_WCS without a celestial
            coordinate system; IMAGE_INVALID for no image, several planes, unknown units or no finite pixel.
    """
    file = Path(path)
    header, plane = _read_plane(file)
    wcs = _celestial(file, header)
    data = np.ascontiguousarray(plane, dtype=np.float32)
    if data is plane:
        data = data.copy()
    data[~np.isfinite(data)] = np.nan
    if content == "flux":
        data *= np.float32(_jy_per_unit(file, header))
        _blank_zero_border(data)
    if np.isnan(data).all():
        raise invalid(file, "holds no finite pixel")
    return SkyImage(path=file, data=data, wcs=wcs, header=header, beam=_beam_of(header))


def read_aligned(path: str | Path, image: SkyImage, content: Content = "map") -> SkyImage:
    """Read a companion of an image (primary beam, weight, flat-noise image) and check that the grids agree.

    Raises:
        StageFailure: as ``read_image``; SHAPE_MISMATCH if shape or coordinates differ from the image's.
    """
    other = read_image(path, content)
    if other.data.shape != image.data.shape:
        raise StageFailure(
            "SHAPE_MISMATCH",
            f"{path} has {other.data.shape[1]}x{other.data.shape[0]} pixels and {image.path} has "
            f"{image.data.shape[1]}x{image.data.shape[0]}; give files of the same image",
            file=str(path),
        )
    n_y, n_x = image.data.shape
    x, y = image.to_pixel(*other.to_icrs([n_x / 2, n_x / 4], [n_y / 2, n_y / 4]))
    if not (np.abs(np.asarray([x - [n_x / 2, n_x / 4], y - [n_y / 2, n_y / 4]])) < 0.1).all():
        raise StageFailure(
            "SHAPE_MISMATCH", f"{path} and {image.path} cover different parts of the sky", file=str(path)
        )
    return replace(other, wcs=image.wcs)


def read_time_map(path: str | Path, image: SkyImage) -> Float:
    """Mean time of each pixel of a mosaic, MJD UTC; doubles, since single precision would round to minutes.

    Raises:
        StageFailure: as ``read_aligned``.
    """
    read_aligned(path, image)
    return np.asarray(_read_plane(Path(path))[1], dtype=np.float64)


def mid_mjd_of(header: fits.Header) -> float | None:
    """Mid-exposure of a header, MJD UTC, or None if it names no time that can be read."""
    for card in ("MJD-AVG", "MJD-MID"):
        try:
            return float(header[card])
        except (KeyError, TypeError, ValueError):
            continue
    times = []
    for card in ("DATE-OBS", "DATE-END"):
        text = str(header.get(card, "")).strip()
        try:
            times.append(mjd_of_utc(text))
        except StageFailure:
            continue
    return float(np.mean(times)) if times else None


def _read_plane(file: Path) -> tuple[fits.Header, NDArray[np.floating]]:
    """Header and the one plane of the first image in a file."""
    if not file.is_file():
        raise StageFailure("FILE_MISSING", f"there is no image at {file}", file=str(file))
    if file.stat().st_size == 0:
        raise StageFailure("FILE_EMPTY", f"the image {file} has 0 bytes", file=str(file))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with fits.open(file, memmap=True) as hdus:
                hdu = next((hdu for hdu in hdus if getattr(hdu, "is_image", False) and hdu.header["NAXIS"] >= 2), None)
                if hdu is None:
                    raise invalid(file, "holds no image of two or more axes")
                _require_whole(file, hdu)
                data = np.asarray(hdu.data)
                header = hdu.header.copy()
    except PermissionError as cause:
        raise StageFailure("FILE_UNREADABLE", f"{file} cannot be read: {cause.strerror}", file=str(file)) from cause
    except (OSError, VerifyError, KeyError, ValueError, TypeError) as cause:
        raise invalid(file, f"is no readable FITS file: {cause}") from cause
    while data.ndim > 2 and data.shape[0] == 1:
        data = data[0]
    if data.ndim != 2 or min(data.shape) < 2:
        raise invalid(file, f"has shape {data.shape}; one plane of at least 2x2 pixels is needed")
    return header, data


def _require_whole(file: Path, hdu: fits.PrimaryHDU) -> None:
    """Raise FILE_TRUNCATED if the file ends before the image's data do."""
    if isinstance(hdu, fits.CompImageHDU):
        return
    needed = int(hdu.fileinfo()["datLoc"]) + abs(hdu.header["BITPIX"]) // 8 * int(np.prod(hdu.shape))
    if file.stat().st_size < needed:
        raise StageFailure(
            "FILE_TRUNCATED",
            f"the image {file} has {file.stat().st_size} bytes; its header needs {needed}",
            file=str(file),
        )


def _celestial(file: Path, header: fits.Header) -> WCS:
    """The celestial axes of a header, checked to be usable."""
    without = f"the image {file} has no celestial coordinate system (CTYPE1 = {header.get('CTYPE1', 'absent')!r})"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FITSFixedWarning)
            warnings.simplefilter("ignore", RuntimeWarning)
            wcs = WCS(header).celestial
        if not wcs.has_celestial:
            raise StageFailure("IMAGE_NO_WCS", without, file=str(file))
        scale = np.abs(np.linalg.det(wcs.pixel_scale_matrix))
    except StageFailure:
        raise
    except Exception as cause:
        # astropy raises many kinds here (wcslib errors among them); all mean that the header cannot be used.
        raise StageFailure("IMAGE_NO_WCS", f"{without}: {cause}".splitlines()[0], file=str(file)) from cause
    if not (np.isfinite(scale) and scale > 0):
        raise StageFailure("IMAGE_NO_WCS", f"the image {file} has a pixel size of 0 (CDELT1, CDELT2)", file=str(file))
    return wcs


def _beam_of(header: fits.Header) -> Beam | None:
    try:
        bmaj, bmin = float(header["BMAJ"]) * 3600, float(header["BMIN"]) * 3600
        bpa = float(header.get("BPA", 0.0))
    except (KeyError, TypeError, ValueError):
        return None
    if not (np.isfinite([bmaj, bmin, bpa]).all() and bmaj > 0 and bmin > 0):
        return None
    return Beam(bmaj_arcsec=bmaj, bmin_arcsec=bmin, bpa_deg=bpa)


def _jy_per_unit(file: Path, header: fits.Header) -> float:
    unit = str(header.get("BUNIT", "")).strip()
    plain = unit.lower().replace(" ", "").replace(".beam-1", "/beam").replace("beam-1", "/beam")
    if plain not in _JY_PER_UNIT:
        raise invalid(file, f"has BUNIT {unit!r}; Jy/beam is needed")
    return _JY_PER_UNIT[plain]


def _blank_zero_border(data: Pixels) -> None:
    """Turn exact zeros that are connected with the border, directly or through NaN, into NaN, in place."""
    edge = np.concatenate([data[0], data[-1], data[:, 0], data[:, -1]])
    if not (edge == 0).any():
        return
    from scipy.ndimage import label

    labels, _ = label((data == 0) | np.isnan(data))
    touching = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    data[np.isin(labels, touching[touching > 0])] = np.nan
