"""QA against the catalogue, of mosaics, and the distances to what disturbs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import astropy.units as u
import numpy as np
import pytest
from astropy.coordinates import EarthLocation, SkyCoord, get_body
from astropy.time import Time
from astropy.utils import iers
from conftest import StageRun
from numpy.typing import NDArray
from qa_cases import Case, Source, checks_of, read_matches, write_truth
from sky_images import FakeSky, airy_like

from meridian_compute import site
from meridian_compute.catalog import cone
from meridian_compute.quality.sky_distance import distances_deg
from meridian_compute.specs.common import Position

Float = NDArray[np.float64]

NU_HZ = 1.405e9


def catalog_case(center_deg: tuple[float, float] = (202.8, 30.5), factor: float = 1.0, **changes: Any) -> Case:
    """A tile that shows the catalogue."""
    scale = factor * (NU_HZ / 1.4e9) ** -0.7
    rows = cone(*center_deg, 2.5)
    sources = [(float(row["ra_deg"]), float(row["dec_deg"]), float(row["flux_jy"]) * scale) for row in rows]
    return Case(center_deg=center_deg, shown=sources, **changes)


def judged(run: StageRun, folder: Path, case: Case, **spec: Any) -> dict[str, Any]:
    """Result of QA of a case against the catalogue."""
    return run("qa", **{**case.write(folder), "truth": None, **spec})


@pytest.mark.parametrize("center_deg", [(202.8, 30.5), (359.9, 30.0)])
def test_a_right_tile_agrees_with_the_catalogue(run: StageRun, tmp_path: Path, center_deg: tuple[float, float]) -> None:
    summary = judged(run, tmp_path, catalog_case(center_deg))["summary"]

    assert (summary["verdict"], summary["reference"]) == ("pass", "nvss")
    assert summary["n_matched"] == summary["n_expected"] > 20
    assert summary["flux_ratio"] == pytest.approx(1.0, abs=0.01)
    assert summary["completeness_8sigma"] > 0.98
    assert summary["spurious_fraction"] < 0.03


@pytest.mark.parametrize(("factor", "verdict"), [(0.85, "pass"), (1.15, "pass"), (0.75, "fail"), (1.3, "fail")])
def test_the_flux_scale_has_the_room_that_a_catalogue_needs(
    run: StageRun, tmp_path: Path, factor: float, verdict: str
) -> None:
    result = judged(run, tmp_path, catalog_case(factor=factor), find_sources=False)

    assert checks_of(result)["flux_ratio"] == result["summary"]["verdict"] == verdict
    assert result["summary"]["flux_ratio"] == pytest.approx(factor, abs=0.01)
    assert "completeness_8sigma" not in checks_of(result)


def test_positions_have_the_room_that_a_catalogue_needs(run: StageRun, tmp_path: Path) -> None:
    right = catalog_case()
    verdicts = []
    for shift_arcsec in (1.5, 3.5, 6.0):
        north = [(ra, dec + shift_arcsec / 3600, flux) for ra, dec, flux in right.shown or ()]
        result = judged(run, tmp_path / str(shift_arcsec), replace(right, shown=north))
        verdicts.append(checks_of(result)["dec_offset_arcsec"])
        assert checks_of(result)["ra_offset_arcsec"] == "pass"

    assert verdicts == ["pass", "warn", "fail"]


def test_another_spectral_index_moves_the_expectation(run: StageRun, tmp_path: Path) -> None:
    sky = catalog_case()
    rising = judged(run, tmp_path, sky, spectral_index=20.0)["summary"]["flux_ratio"]

    assert rising == pytest.approx((NU_HZ / 1.4e9) ** -20.7, abs=0.01)


def test_a_wrong_field_fails(run: StageRun, tmp_path: Path) -> None:
    elsewhere = [(ra - 10.0, dec, flux) for ra, dec, flux in catalog_case((212.8, 30.5)).shown or ()]

    result = judged(run, tmp_path, Case(shown=elsewhere))

    assert checks_of(result)["flux_ratio"] == checks_of(result)["completeness_8sigma"] == "fail"
    assert checks_of(result)["spurious_fraction"] == "warn"
    assert checks_of(result)["not_mirrored"] == "not_evaluated"
    assert result["summary"]["n_matched"] < 3


def test_noise_that_hides_the_catalogue_leaves_nothing_to_judge_by(run: StageRun, tmp_path: Path) -> None:
    result = judged(run, tmp_path, catalog_case(rms_jy=3.0))

    assert checks_of(result)["rms_jy"] == "fail"
    assert checks_of(result)["flux_ratio"] == "not_evaluated"
    assert checks_of(result)["dynamic_range"] == "warn"


def test_a_mosaic_is_judged_from_the_centres_of_its_tiles(run: StageRun, tmp_path: Path) -> None:
    mosaic = Mosaic()
    spec = mosaic.write(tmp_path)
    centers = [{"ra_deg": ra, "dec_deg": dec} for ra, dec in mosaic.centers]

    given = run("qa", **{**spec, "draw": True}, tile_centers=centers)
    from_beam = run("qa", **spec)
    unknown = run("qa", **{**spec, "pb_fits": None})

    assert given["summary"]["verdict"] == "pass"
    assert given["summary"]["rms_jy"] == pytest.approx(0.0015, rel=0.1)
    assert given["summary"]["offset_beyond_1p3_deg_arcsec"] < 0.8
    assert given["summary"]["completeness_8sigma"] > 0.97
    near = {row["name"]: float(row["distance_deg"]) for row in read_matches(given)}
    for row in read_matches(from_beam):
        assert float(row["distance_deg"]) == pytest.approx(near[row["name"]], abs=5 / 3600)
    assert min(near.values()) < 0.2 < 1.3 < max(near.values()) < 2.1
    assert checks_of(unknown)["not_mirrored"] == "not_evaluated"
    assert unknown["summary"]["offset_beyond_1p3_deg_arcsec"] is None
    assert unknown["summary"]["solar_system"]["vir_a"] == pytest.approx(22.9, abs=0.1)


def test_a_mosaic_of_mirrored_tiles_fails(run: StageRun, tmp_path: Path) -> None:
    result = run("qa", **Mosaic().write(tmp_path, mirrored=True))

    assert checks_of(result)["not_mirrored"] == "fail"


class Mosaic:
    """Two tiles, 1.3 degrees apart, on one grid."""

    centers = ((202.1, 30.5), (203.6, 30.5))
    rms_jy = 0.001

    def __init__(self) -> None:
        self.grid = FakeSky(
            center_deg=(202.85, 30.5), size_px=(720, 560), cell_arcsec=22.0, beam_arcsec=(90.0, 66.0, 20.0),
            cards={"ABERSCL": 1.0},
        )  # fmt: skip
        rng = np.random.default_rng(2)
        places = [(30 + 60 * i, 30 + 56 * j) for i in range(12) for j in range(10)]
        fluxes = rng.permutation(np.geomspace(0.02, 1.0, len(places)))
        jitter = rng.uniform(-14, 14, (len(places), 2))
        self.truth: list[Source] = [
            (*self.grid.at(x + dx, y + dy), float(flux))
            for (x, y), (dx, dy), flux in zip(places, jitter, fluxes, strict=True)
        ]

    def write(self, folder: Path, mirrored: bool = False) -> dict[str, Any]:
        """Write mosaic, weight, beam and truth; mirrored tiles are mirrored about their own centres."""
        total, weight, best = 0.0, 0.0, 0.0
        for number, center in enumerate(self.centers):
            pb = airy_like(self._angle_deg(center))
            flat = (
                self._sky(center, mirrored).pixels() * pb + replace(self.grid, rms_jy=self.rms_jy, seed=number).noise()
            )
            inside = np.where(pb >= 0.2, pb, 0.0)
            total, weight = total + inside * flat, weight + inside**2
            best = np.maximum(best, pb)
        with np.errstate(divide="ignore", invalid="ignore"):
            data = np.where(weight > 0, total / weight, np.nan)
        return {
            "kind": "mosaic",
            "fits": str(self.grid.write(folder / "mosaic.fits", data)),
            "weight_fits": str(self.grid.write(folder / "weight.fits", weight / self.rms_jy**2, "")),
            "pb_fits": str(self.grid.write(folder / "pb.fits", best, "")),
            "truth": str(write_truth(folder / "truth.json", self.truth, self.grid.freq_hz)),
            "draw": False,
        }

    def _angle_deg(self, center: tuple[float, float]) -> Float:
        n_x, n_y = self.grid.size_px
        y, x = np.mgrid[:n_y, :n_x].astype(float)
        center_x, center_y = (float(v[0]) for v in self.grid.wcs.wcs_world2pix([center[0]], [center[1]], 0))
        return np.asarray(np.hypot(x - center_x, y - center_y) * self.grid.cell_arcsec / 3600)

    def _sky(self, center: tuple[float, float], mirrored: bool) -> FakeSky:
        sources = [(2 * center[0] - ra, dec, flux) for ra, dec, flux in self.truth] if mirrored else self.truth
        return replace(self.grid, sources=sources)


def test_distances_agree_with_astropy() -> None:
    place = EarthLocation.from_geodetic(site.LONGITUDE_DEG, site.LATITUDE_DEG, site.ALTITUDE_M)
    center = SkyCoord(202.8, 30.5, unit="deg")
    with iers.conf.set_temp("auto_download", False):
        for mjd in (60_500.3, 61_065.93, 61_000.25):
            time = Time(mjd, format="mjd", scale="utc", location=place)
            found = distances_deg([Position(ra_deg=202.8, dec_deg=30.5)], mjd)
            for body in ("sun", "moon"):
                seen = get_body(body, time, place)
                toward = SkyCoord(seen.ra, seen.dec)
                assert found[body] == pytest.approx(center.separation(toward).deg, abs=0.03), (mjd, body)
    cas_a = SkyCoord("23h23m24s", "+58d48m54s")
    assert found["cas_a"] == pytest.approx(center.separation(cas_a).to_value(u.deg), abs=0.02)


def test_a_field_near_a_bright_source_is_warned_of(run: StageRun, tmp_path: Path) -> None:
    result = judged(run, tmp_path, catalog_case((83.6, 25.0)), find_sources=False)
    without_time = judged(
        run, tmp_path / "b", replace(catalog_case(), cards={"ABERSCL": 1.0, "MJD-AVG": None}), find_sources=False
    )

    check = next(check for check in result["summary"]["checks"] if check["name"] == "distance_to_bright_sources")
    assert (check["verdict"], check["value"]) == ("warn", pytest.approx(2.99, abs=0.01))
    assert check["message"].startswith("Tau A, the nearest")
    assert result["summary"]["solar_system"]["tau_a"] == pytest.approx(2.99, abs=0.01)
    assert checks_of(without_time)["distance_to_bright_sources"] == "not_evaluated"
