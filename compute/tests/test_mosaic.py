"""Mosaic: flux, weights and maps against what was put into the tiles, and tiles that do not belong together."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from conftest import StageRun
from sky_images import MID_MJD, FakeSky, airy_like

from meridian_compute.catalog import cone
from meridian_compute.fits_image import read_image
from meridian_compute.photometry_fit.stamps import Spots, beam_shape, fit_alone

CELL, BEAM, SIZE = 14.0, (70.0, 49.0, 20.0), (400, 400)
SIGMA_JY = 1e-3
TILE_MINUTES = 309 / 60


def make_tile(folder: Path, name: str, sky: FakeSky, rms_jy: float = SIGMA_JY) -> dict[str, Any]:
    """Write the three files of a tile and give its entry of the spec."""
    flat, pb = sky.pixels(), sky.pb_map()
    corrected = np.where(pb >= 0.2, flat / pb, np.nan)
    return {
        "id": name,
        "image_pb": str(sky.write(folder / f"{name}-pb.fits", corrected)),
        "image": str(sky.write(folder / f"{name}.fits", flat)),
        "pb": str(sky.write(folder / f"{name}-beam.fits", pb, "")),
        "rms_jy": rms_jy,
    }


def drift(n: int, middle_ra: float, dec: float, **changes: Any) -> list[FakeSky]:
    """Skies of consecutive tiles, 1.29 degrees of right ascension apart."""
    base = FakeSky(cell_arcsec=CELL, beam_arcsec=BEAM, size_px=SIZE, pb=airy_like, rms_jy=1e-6)
    return [
        replace(
            base,
            center_deg=((middle_ra + (i - (n - 1) / 2) * 1.29) % 360, dec),
            mjd=MID_MJD + i * TILE_MINUTES / 1440,
            seed=i,
            **changes,
        )
        for i in range(n)
    ]


def with_sources(skies: list[FakeSky], per_tile: int = 12, seed: int = 3) -> tuple[list[FakeSky], list[Any]]:
    """Put 1 Jy sources into the inner part of every tile, in all tiles alike, none close to another."""
    rng = np.random.default_rng(seed)
    sources: list[tuple[float, float, float]] = []
    for sky in skies:
        for _ in range(per_tile):
            ra, dec = sky.at(*rng.uniform(60, 340, 2))
            apart = [np.hypot((ra - r + 180) % 360 - 180, dec - d) for r, d, _ in sources]
            if not apart or min(apart) > 0.12:
                sources.append((ra, dec, 1.0))
    return [replace(sky, sources=sources) for sky in skies], sources


def measured_fluxes(path: str, sources: list[Any]) -> Any:
    """Peaks of the beam at the true positions of a mosaic, NaN outside."""
    image = read_image(path)
    x, y = image.to_pixel([s[0] for s in sources], [s[1] for s in sources])
    flux, share = fit_alone(image.data, Spots(x, y), beam_shape(image.require_beam(), image.wcs))
    return np.where(share > 0.99, flux, np.nan)


def plane(path: str) -> Any:
    """The one plane of a FITS file."""
    return fits.getdata(path)[0, 0]


@pytest.mark.parametrize("backend", ["swarp", "reproject"])
@pytest.mark.parametrize("method", ["mean", "weighted", "pbweighted"])
def test_fluxes_are_conserved_across_right_ascension_zero(
    run: StageRun, tmp_path: Path, backend: str, method: str
) -> None:
    skies, sources = with_sources(drift(3, 0.2, 54.0))
    tiles = [make_tile(tmp_path, f"t{i}", sky) for i, sky in enumerate(skies)]

    result = run("mosaic", tiles=tiles, method=method, backend=backend)

    flux = measured_fluxes(result["paths"]["mosaic"], sources)
    assert np.isfinite(flux).sum() > 25
    assert np.nanmax(np.abs(flux - 1)) < 0.005
    assert np.nanmedian(flux) == pytest.approx(1, abs=0.002)
    summary = result["summary"]
    assert summary["backend"] == backend
    assert abs((summary["center_ra_deg"] - 0.2 + 180) % 360 - 180) < 0.01
    assert summary["width_px"] < 900
    assert summary["height_px"] < 460


def test_headers_and_maps_say_what_the_mosaic_is(run: StageRun, tmp_path: Path) -> None:
    skies = drift(3, 202.8, 30.5, cards={"CALIBRAT": "3C286", "FLUXCAL": "perley_butler_2017", "ABERSCL": 1.0})
    tiles = [make_tile(tmp_path, f"t{i}", sky, SIGMA_JY * (i + 1)) for i, sky in enumerate(skies)]

    result = run("mosaic", tiles=tiles, provenance={"group": "2026-01-25T22:26:05"})

    header = fits.getheader(result["paths"]["mosaic"])
    expected = {
        "RADESYS": "ICRS", "TIMESYS": "UTC", "BUNIT": "Jy/beam", "CALIBRAT": "3C286", "NTILES": 3,
        "METHOD": "pbweighted", "FLUXCAL": "perley_butler_2017", "GROUPID": "2026-01-25T22:26:05",
        "CTYPE1": "RA---SIN", "ABERSCL": 1.0,
    }  # fmt: skip
    assert {name: header[name] for name in expected} == expected
    assert header["BMAJ"] * 3600 == pytest.approx(70.0)
    assert header["CRVAL3"] == header["RESTFRQ"] == pytest.approx(1.405e9)
    assert header["MJD-AVG"] == pytest.approx(result["summary"]["mid_mjd"], abs=1e-9)
    assert "DATE" not in header
    wcs = WCS(fits.getheader(result["paths"]["mosaic"])).celestial
    column, row = (round(float(v[0])) for v in wcs.wcs_world2pix([202.8 - 0.6], [30.5], 0))
    roles = ("coverage", "weight", "mjd", "pb")
    coverage, weight, mjd, pb = (plane(result["paths"][role])[row, column] for role in roles)
    radii = [np.hypot((202.8 - 0.6 - sky.center_deg[0]) * np.cos(np.deg2rad(30.5)), 0) for sky in skies]
    beams = airy_like(np.array(radii))
    inside = np.array(radii) < 200 * CELL / 3600
    weights = np.where(inside, beams**2 / (SIGMA_JY * np.arange(1, 4)) ** 2, 0)
    assert coverage == inside.sum()
    assert weight == pytest.approx(weights.sum(), rel=0.01)
    assert pb == pytest.approx((beams * inside).max(), rel=0.01)
    assert mjd == pytest.approx(np.average([sky.mjd for sky in skies], weights=weights), abs=2e-5)
    assert Path(result["paths"]["picture"]).read_bytes()[:4] == b"\x89PNG"
    blank = np.isnan(plane(result["paths"]["mosaic"]))
    assert (plane(result["paths"]["weight"])[blank] == 0).all()
    assert (plane(result["paths"]["coverage"])[blank] == 0).all()
    assert blank.any()


@pytest.mark.parametrize("method", ["mean", "weighted", "pbweighted"])
def test_the_weight_map_is_the_inverse_variance(run: StageRun, tmp_path: Path, method: str) -> None:
    skies = drift(3, 202.8, 30.5)
    noises = [1.0, 2.0, 0.7]
    tiles = [
        make_tile(tmp_path, f"t{i}", replace(sky, rms_jy=noise * SIGMA_JY), noise * SIGMA_JY)
        for i, (sky, noise) in enumerate(zip(skies, noises, strict=True))
    ]

    result = run("mosaic", tiles=tiles, method=method)

    normal = plane(result["paths"]["mosaic"]) * np.sqrt(plane(result["paths"]["weight"]))
    assert np.nanstd(normal) == pytest.approx(1.0, abs=0.05)


def test_pbweighted_is_the_quietest(run: StageRun, tmp_path: Path) -> None:
    skies = [replace(sky, rms_jy=SIGMA_JY) for sky in drift(3, 202.8, 30.5)]
    tiles = [make_tile(tmp_path, f"t{i}", sky) for i, sky in enumerate(skies)]

    weight = {
        name: plane(run("mosaic", tiles=tiles, method=name)["paths"]["weight"]) for name in ("mean", "pbweighted")
    }

    assert (weight["pbweighted"] >= 0.999 * weight["mean"]).all()
    assert (weight["pbweighted"] > 1.01 * weight["mean"]).mean() > 0.04


def test_one_tile_keeps_its_pixels(run: StageRun, tmp_path: Path) -> None:
    sky = replace(drift(1, 202.8, 30.5)[0], rms_jy=SIGMA_JY)
    tile = make_tile(tmp_path, "only", sky)

    result = run("mosaic", tiles=[tile])

    mosaic, original = read_image(result["paths"]["mosaic"]), read_image(tile["image_pb"])
    ra, dec = original.center_deg
    (x0, y0), (x1, y1) = ([round(float(v)) for v in image.to_pixel(ra, dec)] for image in (original, mosaic))
    ours, theirs = (
        mosaic.data[y1 - 90 : y1 + 90, x1 - 90 : x1 + 90],
        original.data[y0 - 90 : y0 + 90, x0 - 90 : x0 + 90],
    )
    assert np.abs(ours - theirs).max() < 1e-3 * SIGMA_JY
    assert result["summary"]["tiles"][0]["weight_share"] == 1


def test_borders_and_holes_do_not_spread(run: StageRun, tmp_path: Path) -> None:
    skies, sources = with_sources(drift(2, 202.8, 30.5), seed=8)
    tiles = [make_tile(tmp_path, f"t{i}", replace(sky, rms_jy=SIGMA_JY)) for i, sky in enumerate(skies)]
    with fits.open(tiles[0]["image"], mode="update") as hdus:
        hdus[0].data[..., :70] = 0.0
        hdus[0].data[..., 300:310, 200:210] = np.nan

    result = run("mosaic", tiles=tiles)

    normal = plane(result["paths"]["mosaic"])
    assert np.nanmin(normal) > -20 * SIGMA_JY
    flux = measured_fluxes(result["paths"]["mosaic"], sources)
    assert np.nanmax(np.abs(flux - 1)) < 0.02


Spoil = Callable[[FakeSky], FakeSky]


@pytest.mark.parametrize(
    ("check", "spoil"),
    [
        ("beam", lambda sky: replace(sky, beam_arcsec=(100.0, 49.0, 20.0))),
        ("cell", lambda sky: replace(sky, cell_arcsec=13.5)),
        ("rms", lambda sky: replace(sky, rms_jy=9 * SIGMA_JY)),
        ("frequency", lambda sky: replace(sky, freq_hz=1.3e9)),
        ("flux_scale", lambda sky: replace(sky, cards={"CALIBRAT": "3C48"})),
        ("diverged", lambda sky: replace(sky, sources=[(*sky.at(200, 200), 1.0), (*sky.at(250, 200), -0.1)])),
    ],
)
def test_a_tile_that_stands_out_is_refused(run: StageRun, tmp_path: Path, check: str, spoil: Spoil) -> None:
    skies = [replace(sky, rms_jy=SIGMA_JY) for sky in drift(3, 202.8, 30.5)]
    skies[1] = spoil(skies[1])
    tiles = [make_tile(tmp_path, f"t{i}", sky) for i, sky in enumerate(skies)]
    for tile in tiles:
        del tile["rms_jy"]

    failure = run("mosaic", tiles=tiles)
    looked = run("mosaic", tiles=tiles, validate_only=True)
    forced = run("mosaic", tiles=tiles, ignore_validation=True)

    assert (failure["exit_code"], failure["code"]) == (2, "TILES_INCONSISTENT")
    assert check in failure["message"]
    verdicts = {entry["name"]: entry["verdict"] for entry in looked["summary"]["checks"]}
    assert verdicts[check] == "fail"
    assert [name for name, verdict in verdicts.items() if verdict == "fail"] == [check]
    assert looked["outputs"] == []
    assert looked["summary"]["rms_jy"] is None
    assert forced["exit_code"] == 0
    assert any(check in warning for warning in forced["warnings"])


def test_the_same_tile_twice_and_mixed_corrections_are_refused(run: StageRun, tmp_path: Path) -> None:
    skies = [replace(sky, rms_jy=SIGMA_JY) for sky in drift(2, 202.8, 30.5)]
    first, second = (make_tile(tmp_path, f"t{i}", sky) for i, sky in enumerate(skies))

    twice = run("mosaic", tiles=[first, {**first, "id": "again"}])
    mixed = run("mosaic", tiles=[first, {**second, "pb": None, "image_pb": second["image"]}])
    doubled = run("mosaic", tiles=[first, {**second, "id": first["id"]}])

    assert "twice" in twice["message"]
    assert "pb_corrected" in mixed["message"]
    assert doubled["code"] == "SPEC_INVALID"


def test_a_shifted_tile_and_a_wrong_flux_scale_are_refused(run: StageRun, tmp_path: Path) -> None:
    grid: dict[str, Any] = {"cell_arcsec": 12.0, "beam_arcsec": (50.0, 40.0, 20.0), "size_px": (900, 900)}
    center = (202.8, 30.5)
    truth = [(r, d, s * (1.405 / 1.4) ** -0.7) for r, d, s, _ in cone(*center, 3.0).tolist()]
    moved = [(r, d + 4.0 / 3600, s) for r, d, s in truth]
    louder = [(r, d, 1.4 * s) for r, d, s in truth]
    cards = {"ABERSCL": 1.0}
    skies = [
        FakeSky(**grid, center_deg=(center[0] + i * 0.5, center[1]), sources=sources, rms_jy=SIGMA_JY, cards=cards,
                mjd=MID_MJD + i * 0.004)
        for i, sources in enumerate((truth, moved, louder))
    ]  # fmt: skip
    tiles = [make_tile(tmp_path, f"t{i}", sky) for i, sky in enumerate(skies)]

    looked = run("mosaic", tiles=tiles, validate_only=True)

    summary = looked["summary"]
    assert summary["tiles"][0]["flux_ratio"] == pytest.approx(1.0, abs=0.01)
    assert summary["tiles"][1]["dec_offset_arcsec"] == pytest.approx(4.0, abs=0.3)
    assert summary["tiles"][2]["flux_ratio"] == pytest.approx(1.4, abs=0.02)
    failed = {entry["name"]: entry["message"] for entry in summary["checks"] if entry["verdict"] == "fail"}
    assert set(failed) == {"astrometry", "flux_ratio", "flux_spread"}
    assert "t1" in failed["astrometry"]
    assert "t2" in failed["flux_ratio"]


def test_without_swarp_reproject_is_used_and_said(
    run: StageRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tile = make_tile(tmp_path, "t", replace(drift(1, 202.8, 30.5)[0], rms_jy=SIGMA_JY))
    monkeypatch.setenv("PATH", str(tmp_path))

    fallback = run("mosaic", tiles=[tile])
    wanted = run("mosaic", tiles=[tile], backend="swarp")

    assert fallback["summary"]["backend"] == "reproject"
    assert any("SWarp is not installed" in warning for warning in fallback["warnings"])
    assert (wanted["exit_code"], wanted["code"]) == (2, "TOOL_MISSING")


def test_tiles_without_a_known_beam_give_an_uncorrected_mosaic(run: StageRun, tmp_path: Path) -> None:
    skies = [replace(sky, pb=None, rms_jy=SIGMA_JY) for sky in drift(2, 202.8, 30.5)]
    paths = [str(sky.write(tmp_path / f"t{i}.fits")) for i, sky in enumerate(skies)]

    result = run("mosaic", tiles=[{"id": str(i), "image_pb": path, "image": path} for i, path in enumerate(paths)])

    assert fits.getheader(result["paths"]["mosaic"])["BEAMMODL"] == "none"
    assert "pb" not in result["paths"]


def test_bad_tiles_are_named(run: StageRun, tmp_path: Path) -> None:
    sky = replace(drift(1, 202.8, 30.5)[0], rms_jy=SIGMA_JY)
    good = make_tile(tmp_path, "t", sky)
    (tmp_path / "empty.fits").write_bytes(b"")
    fits.writeto(tmp_path / "nowcs.fits", np.ones((400, 400), dtype=np.float32))
    small = str(replace(sky, size_px=(200, 200)).write(tmp_path / "small.fits"))
    nan = str(sky.write(tmp_path / "nan.fits", np.full((400, 400), np.nan)))
    dark = str(sky.write(tmp_path / "dark.fits", np.full((400, 400), 0.01), ""))
    far = make_tile(tmp_path, "far", replace(sky, center_deg=(20.0, -10.0), mjd=MID_MJD + 1))
    timeless = make_tile(tmp_path, "timeless", replace(sky, mjd=None))
    cases = [
        ({**good, "image": str(tmp_path / "absent.fits")}, "FILE_MISSING"),
        ({**good, "image_pb": str(tmp_path / "empty.fits")}, "FILE_EMPTY"),
        ({**good, "image_pb": str(tmp_path / "nowcs.fits")}, "IMAGE_NO_WCS"),
        ({**good, "image": small}, "SHAPE_MISMATCH"),
        ({**good, "image": nan}, "IMAGE_INVALID"),
        ({**good, "pb": dark}, "IMAGE_INVALID"),
        ({**good, "rms_jy": 0.0}, "IMAGE_INVALID"),
        (timeless, "HEADER_FIELD_MISSING"),
    ]

    for tile, code in cases:
        failure = run("mosaic", tiles=[tile])
        assert (failure["exit_code"], failure.get("code")) == (2, code), json.dumps(tile)
    assert run("mosaic", tiles=[good, far], ignore_validation=True)["code"] == "TILES_INCONSISTENT"
    assert run("mosaic", tiles=[])["code"] == "SPEC_INVALID"
    assert run("mosaic", tiles=[good], pb_limit=1.5)["code"] == "SPEC_INVALID"
