"""Image: fluxes and places against the simulated truth, real VLA data, and imagers that misbehave."""

from __future__ import annotations

import json
import os
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from calibration_tools import C286, SMALL, column, copy_of, put
from casacore.tables import table
from conftest import FIXTURES, PERFECT, StageRun
from imaging_tools import fluxes_at, install_fake_wsclean, plane

from meridian_compute.fits_image import read_image
from meridian_compute.hashing import hash_folder
from meridian_compute.photometry_fit.centroid import fit_centroids
from meridian_compute.photometry_fit.stamps import Spots, beam_shape

SKY = {**SMALL, "corruption": {**PERFECT, "noise": True}}
#: A coarse image of the whole beam: baselines beyond 4.5 kilolambda are left out.
COARSE = {"imsize_px": 640, "cell_arcsec": 22.9}


@pytest.fixture(scope="session")
def vla(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The real VLA measurement set, unpacked."""
    folder = tmp_path_factory.mktemp("vla")
    with tarfile.open(next((FIXTURES / "ms").glob("*.tar.gz"))) as archive:
        # Python 3.11.2 has no filters yet; this archive is ours.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)
    return str(next(folder.glob("*.ms")))


def expected(group: dict[str, Any], summary: dict[str, Any], pb_path: str) -> list[dict[str, Any]]:
    """Sources of the truth inside primary beam 0.3 that should stand out of the noise."""
    pb = read_image(pb_path, "map")
    kept = []
    for source in group["truth"]["sources"]:
        x, y = (float(v) for v in pb.to_pixel(source["ra_deg"], source["dec_deg"]))
        if 10 < x < pb.data.shape[1] - 10 and 10 < y < pb.data.shape[0] - 10:
            beam = float(pb.data[round(y), round(x)])
            if beam >= 0.3 and source["flux_jy"] * beam > 30 * summary["rms_jy"]:
                kept.append(source)
    return kept


def test_an_image_has_the_true_fluxes_in_the_true_places(run: StageRun, converted: StageRun) -> None:
    group = converted(**SKY)
    before = hash_folder(Path(group["ms"]))

    result = run("image", ms=group["ms"], calibrator=C286, provenance={"calibrator": "3C286"}, **COARSE)

    summary = result["summary"]
    sources = expected(group, summary, result["paths"]["pb"])
    flux, _ = fluxes_at(result["paths"]["image_pb"], sources)
    ratio = flux / [source["flux_jy"] for source in sources]
    assert np.isfinite(ratio).sum() > 15
    assert np.nanmedian(ratio) == pytest.approx(1.0, abs=0.01)
    assert 1.4826 * np.nanmedian(np.abs(ratio - np.nanmedian(ratio))) < 0.03
    assert hash_folder(Path(group["ms"])) == before
    names = [source["name"] for source in summary["restored_sources"]]
    assert names[0] == "3C286"
    assert len(names) > 10
    assert summary["restored_sources"][0]["apparent_flux_jy"] == pytest.approx(14.52, abs=0.02)
    assert summary["min_over_peak"] > -0.02
    assert summary["residual_peak_jy"] < 0.05
    assert 0.8 < summary["rms_jy"] / summary["thermal_rms_jy"] < 1.6
    assert not (result["workdir"] / "scratch").exists()


def test_headers_and_planes_of_a_tile(run: StageRun, converted: StageRun) -> None:
    beam = {"bmaj_arcsec": 150.0, "bmin_arcsec": 120.0, "bpa_deg": 80.0}
    provenance = {"calibrator": "3C286", "flux_scale": "perley_butler_2017", "caltable_k": "k1", "caltable_b": "b1"}

    result = run(
        "image", ms=converted(**SKY)["ms"], name="night", calibrator=C286, restoring_beam=beam, provenance=provenance,
        quality_tier="development", **COARSE,
    )  # fmt: skip

    assert set(result["paths"]) == {"image", "image_pb", "pb", "residual", "psf", "picture"}
    header, summary = fits.getheader(result["paths"]["image_pb"]), result["summary"]
    wanted = {
        "RADESYS": "ICRS", "TIMESYS": "UTC", "BUNIT": "Jy/beam", "CALIBRAT": "3C286", "CALTABK": "k1", "CALTABB": "b1",
        "FLUXCAL": "perley_butler_2017", "TELESCOP": "DSA_110", "BEAMMODL": "airy 4.65 m, meridian drift",
        "PBCOR": True, "QUICKLK": False, "NAXIS": 4, "CTYPE3": "FREQ", "CTYPE4": "STOKES", "ORIGIN": "Meridian",
    }  # fmt: skip
    assert {name: header[name] for name in wanted} == wanted
    assert [header[name] * 3600 for name in ("BMAJ", "BMIN")] == pytest.approx([150.0, 120.0])
    assert header["BPA"] == pytest.approx(80.0)
    assert header["CRVAL3"] == header["RESTFRQ"] == pytest.approx(summary["nu_eff_hz"])
    assert 0 <= header["CRVAL1"] < 360
    assert header["MJD-AVG"] == pytest.approx((summary["start_mjd"] + summary["end_mjd"]) / 2, abs=1e-9)
    assert header["DATE-OBS"].startswith("2026-01-25T")
    corrected, flat, pb = (plane(result["paths"][role]) for role in ("image_pb", "image", "pb"))
    inside = pb >= 0.2
    assert np.isnan(corrected[~inside]).all()
    assert np.allclose(corrected[inside], flat[inside] / pb[inside], rtol=1e-5, equal_nan=True)
    assert pb.max() == pytest.approx(0.97, abs=0.03)
    assert plane(result["paths"]["psf"]).max() == pytest.approx(1.0, abs=1e-3)
    assert Path(result["paths"]["picture"]).read_bytes()[:4] == b"\x89PNG"
    assert summary["beam"] == pytest.approx(beam)
    events = [json.loads(line) for line in (result["workdir"] / "events.jsonl").read_text().splitlines()]
    fractions = [event["fraction"] for event in events if event["kind"] == "progress"]
    assert fractions == sorted(fractions)
    assert any("not for science" in warning for warning in result["warnings"])


@pytest.mark.slow
@pytest.mark.parametrize("dec_deg", [-10.0, 16.0, 54.0])
def test_places_are_true_to_the_edge_of_the_beam_at_any_declination(
    run: StageRun, converted: StageRun, dec_deg: float
) -> None:
    start = "2026-01-25T23:40:00Z" if dec_deg == 16.0 else "2026-01-25T12:00:00Z"
    plan = {**SMALL, "calibrator": None, "near_utc": None, "start_utc": start, "pointing_dec_deg": dec_deg}
    group = converted(**plan, corruption={**PERFECT, "noise": True})

    result = run("image", ms=group["ms"], imsize_px=1200, cell_arcsec=12.2)

    sources = [s for s in expected(group, result["summary"], result["paths"]["pb"]) if s["flux_jy"] > 0.1]
    image = read_image(result["paths"]["image"])
    x, y = image.to_pixel([s["ra_deg"] for s in sources], [s["dec_deg"] for s in sources])
    shape = beam_shape(image.require_beam(), image.wcs)
    fit = fit_centroids(image.data, Spots(x, y), shape)
    off = np.hypot(fit.x - x, fit.y - y) * 12.2
    far = np.hypot(x - 600, y - 600) * 12.2 / 3600 > 1.0
    assert np.isfinite(off).sum() >= 8
    assert far.sum() >= 2
    assert np.nanmedian(off) < 0.5
    assert np.nanmedian(off[far]) < 0.6


def test_without_subtraction_the_drifting_calibrator_spoils_the_image(run: StageRun, converted: StageRun) -> None:
    ms = converted(**SKY)["ms"]

    without = run("image", ms=ms, subtract_drifting_jy=None, mgain=0.7, **COARSE)
    with_it = run("image", ms=ms, calibrator=C286, mgain=0.7, **COARSE)

    assert without["summary"]["restored_sources"] == []
    assert without["summary"]["rms_jy"] > 1.3 * with_it["summary"]["rms_jy"]


def test_a_wrong_model_of_a_drifting_source_does_not_change_its_flux(run: StageRun, converted: StageRun) -> None:
    group = converted(**SKY)
    fainter = {**C286, "log_polynomial": [1.2481 - 0.02, -0.4507, -0.1798, 0.0357]}

    result = run("image", ms=group["ms"], calibrator=fainter, **COARSE)

    flux, _ = fluxes_at(result["paths"]["image_pb"], group["truth"]["sources"][:1])
    assert flux[0] == pytest.approx(group["truth"]["sources"][0]["flux_jy"], rel=0.01)


def test_the_catalogue_mask_does_not_leave_other_sources_uncleaned(run: StageRun, converted: StageRun) -> None:
    stranger = {"name": "stranger", "ra_deg": 202.3, "dec_deg": 31.05, "flux_jy": 0.5, "spectral_index": 0.0}
    group = converted(**{**SKY, "sky": {"extra_sources": [stranger]}})

    result = run("image", ms=group["ms"], calibrator=C286, catalog_mask=True, **COARSE)

    flux, rms = fluxes_at(result["paths"]["image_pb"], [stranger])
    assert flux[0] == pytest.approx(0.5, rel=0.03)
    left, _ = fluxes_at_residual(result, stranger)
    assert abs(left) < 5 * rms[0]


def fluxes_at_residual(result: dict[str, Any], source: dict[str, Any]) -> tuple[float, float]:
    """Residual at a place, and the whole residual's noise."""
    residual = read_image(result["paths"]["residual"])
    x, y = residual.to_pixel(source["ra_deg"], source["dec_deg"])
    return float(residual.data[round(float(y)), round(float(x))]), float(np.std(residual.data))


def test_knobs_reach_wsclean(run: StageRun, converted: StageRun, tmp_path: Path, monkeypatch: Any) -> None:
    fake = install_fake_wsclean(tmp_path / "bin", [{}], version="3.6.1")
    monkeypatch.setenv("PATH", f"{fake}:{os.environ['PATH']}")

    result = run(
        "image", ms=converted(**SKY)["ms"], weighting="natural", niter=77, threshold_jy=0.004, mgain=0.55,
        auto_mask_sigma=6, uvmin_lambda=100, multiscale=True, cores=1, memory_gb=2, imsize_px=201, cell_arcsec=30,
    )  # fmt: skip

    assert result["exit_code"] == 0, result
    argv = json.loads((fake / "calls.json").read_text())[0]
    words = " ".join(argv)
    for expected_words in (
        "-gridder wgridder", "-weight natural", "-niter 77", "-threshold 0.004", "-mgain 0.55", "-auto-mask 6",
        "-minuv-l 100", "-multiscale", "-j 1", "-abs-mem 2", "-size 202 202", "-scale 30.000000asec", "-reorder",
        "-no-update-model-required", "-pol I", "-data-column DATA", "-maxuv-l",
    ):  # fmt: skip
        assert expected_words in words
    assert "-use-wgridder" not in argv
    assert result["tools"] == {"wsclean": "3.6.1"}


def test_a_diverged_clean_is_tried_once_more_and_safer(
    run: StageRun, converted: StageRun, tmp_path: Path, monkeypatch: Any
) -> None:
    fake = install_fake_wsclean(tmp_path / "bin", [{"minimum_jy": -0.1}, {}])
    monkeypatch.setenv("PATH", f"{fake}:{os.environ['PATH']}")

    result = run("image", ms=converted(**SKY)["ms"], subtract_drifting_jy=None, **COARSE)

    assert result["exit_code"] == 0, result
    first, second = json.loads((fake / "calls.json").read_text())
    assert first[first.index("-mgain") + 1] == "0.85"
    assert second[second.index("-mgain") + 1] == "0.5"
    assert second[second.index("-auto-threshold") + 1] == "2"
    assert any("diverged" in warning for warning in result["warnings"])


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"minimum_jy": -0.12}, "minimum / peak is -12"),
        ({"residual_jy": 0.3}, "residual reaches 300"),
        ({"nan": True}, "not numbers"),
    ],
)
def test_a_clean_that_diverges_twice_is_no_image(
    run: StageRun, converted: StageRun, tmp_path: Path, monkeypatch: Any, step: dict[str, Any], words: str
) -> None:
    fake = install_fake_wsclean(tmp_path / "bin", [step])
    monkeypatch.setenv("PATH", f"{fake}:{os.environ['PATH']}")

    failure = run("image", ms=converted(**SKY)["ms"], subtract_drifting_jy=None, imsize_px=200, cell_arcsec=30)

    assert (failure["exit_code"], failure["code"]) == (3, "IMAGE_DIVERGED")
    assert words in failure["message"]
    assert not list(failure["workdir"].glob("*.fits"))


@pytest.mark.parametrize(
    ("step", "exit_code", "code"),
    [
        ({"say": "terminate called: No space left on device", "exit": 1}, 4, "DISK_FULL"),
        ({"say": "std::bad_alloc", "exit": 1}, 4, "OUT_OF_MEMORY"),
        ({"say": "something else", "exit": 1}, 3, "TOOL_FAILED"),
        ({"without": ["residual"]}, 3, "OUTPUT_CORRUPT"),
    ],
)
def test_failures_of_wsclean_have_their_code(
    run: StageRun,
    converted: StageRun,
    tmp_path: Path,
    monkeypatch: Any,
    step: dict[str, Any],
    exit_code: int,
    code: str,
) -> None:
    fake = install_fake_wsclean(tmp_path / "bin", [step])
    monkeypatch.setenv("PATH", f"{fake}:{os.environ['PATH']}")

    failure = run("image", ms=converted(**SKY)["ms"], subtract_drifting_jy=None, imsize_px=200, cell_arcsec=30)

    assert (failure["exit_code"], failure["code"]) == (exit_code, code)
    assert not (failure["workdir"] / "scratch").exists()


def test_real_vla_data_are_imaged_with_their_own_beam(run: StageRun, vla: str) -> None:
    before = hash_folder(Path(vla))

    result = run("image", ms=vla, calibrator=C286)

    summary = result["summary"]
    assert summary["backend"] == "wsclean"
    assert summary["beam_model"] == "airy 25 m, tracking"
    assert summary["restored_sources"] == []
    assert summary["center_ra_deg"] == pytest.approx(152.000067, abs=1e-5)
    assert summary["center_dec_deg"] == pytest.approx(7.504598, abs=1e-5)
    assert summary["beam"]["bmin_arcsec"] / summary["cell_arcsec"] >= 3.5
    assert summary["thermal_rms_jy"] is None
    assert plane(result["paths"]["pb"]).max() == pytest.approx(1.0, abs=1e-3)
    assert any("tracks" in warning for warning in result["warnings"])
    assert hash_folder(Path(vla)) == before


def test_an_unknown_dish_gives_an_uncorrected_image_and_says_so(run: StageRun, vla: str, tmp_path: Path) -> None:
    ms = copy_of(vla, tmp_path)
    put(f"{ms}/ANTENNA", "DISH_DIAMETER", np.zeros_like(column(f"{ms}/ANTENNA", "DISH_DIAMETER")))

    result = run("image", ms=ms)

    assert set(result["paths"]) == {"image", "residual", "psf", "picture"}
    assert result["summary"]["pb_corrected"] is False
    assert result["summary"]["beam_model"] == "none"
    assert fits.getheader(result["paths"]["image"])["BEAMMODL"] == "none"
    assert any("dish diameter" in warning for warning in result["warnings"])


def test_export_and_correction_can_be_skipped(run: StageRun, vla: str) -> None:
    uncorrected = run("image", ms=vla, pb_correct=False, niter=0)
    pictured = run("image", ms=vla, export_fits=False, niter=0)

    assert "image_pb" not in uncorrected["paths"]
    assert uncorrected["summary"]["pb_corrected"] is False
    assert set(pictured["paths"]) == {"picture"}


@pytest.mark.slow
def test_tclean_takes_over_where_wsclean_is_missing(
    run: StageRun, converted: StageRun, tmp_path: Path, monkeypatch: Any
) -> None:
    group = converted(**SKY)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "cp").symlink_to("/bin/cp")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    result = run("image", ms=group["ms"], calibrator=C286, **COARSE)
    wanted = run("image", ms=group["ms"], backend="wsclean", **COARSE)

    assert result["summary"]["backend"] == "tclean"
    assert any("WSClean is not installed" in warning for warning in result["warnings"])
    sources = expected(group, result["summary"], result["paths"]["pb"])
    flux, _ = fluxes_at(result["paths"]["image_pb"], sources)
    ratio = flux / [source["flux_jy"] for source in sources]
    assert np.nanmedian(ratio) == pytest.approx(1.0, abs=0.015)
    assert 1.4826 * np.nanmedian(np.abs(ratio - np.nanmedian(ratio))) < 0.04
    assert (wanted["exit_code"], wanted["code"]) == (2, "TOOL_MISSING")


def test_bad_measurement_sets_are_named(run: StageRun, vla: str, tmp_path: Path) -> None:
    for name in ("flagged", "crossed", "doubled"):
        (tmp_path / name).mkdir()
    flagged = copy_of(vla, tmp_path / "flagged")
    put(flagged, "FLAG", np.ones_like(column(flagged, "FLAG")))
    crossed = copy_of(vla, tmp_path / "crossed")
    put(f"{crossed}/POLARIZATION", "CORR_TYPE", np.array([[6, 6, 7, 7]], dtype=np.int32))
    doubled = copy_of(vla, tmp_path / "doubled")
    with table(f"{doubled}/FIELD", ack=False, readonly=False) as fields:
        fields.copyrows(fields, startrowin=0, startrowout=-1, nrow=1)
    (tmp_path / "folder.ms").mkdir()
    cases = [
        ({"ms": str(tmp_path / "absent.ms")}, "FILE_MISSING"),
        ({"ms": str(tmp_path / "folder.ms")}, "MS_INVALID"),
        ({"ms": flagged}, "DATA_ALL_FLAGGED"),
        ({"ms": crossed}, "MS_INVALID"),
        ({"ms": doubled}, "MS_INVALID"),
        ({"ms": vla, "data_column": "CORRECTED_DATA"}, "MS_INVALID"),
        ({"ms": vla, "uvmin_lambda": 1e8}, "DATA_ALL_FLAGGED"),
        ({"ms": vla, "mgain": 1.5}, "SPEC_INVALID"),
        ({"ms": vla, "imsize_px": 10}, "SPEC_INVALID"),
        ({"ms": vla, "name": "../up"}, "SPEC_INVALID"),
        ({"ms": vla, "restoring_beam": {"bmaj_arcsec": 1, "bmin_arcsec": 2, "bpa_deg": 0}}, "SPEC_INVALID"),
    ]

    for spec, code in cases:
        failure = run("image", **spec)
        assert (failure["exit_code"], failure.get("code")) == (2, code), spec
