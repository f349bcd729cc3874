"""QA against truth: what a user is told about images that are right, and about each way to be wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from conftest import StageRun
from numpy.typing import NDArray
from qa_cases import SIZE_PX, Case, Source, a_case, checks_of, read_matches, scattered, write_truth
from sky_images import FakeSky

from meridian_compute.aberration import displaced

Float = NDArray[np.float64]

#: Checks that have no value for a plain tile: no thermal noise, no residual image.
_UNKNOWN = {"rms_over_thermal", "residual_peak_jy"}


def judged(run: StageRun, folder: Path, case: Case, **spec: Any) -> dict[str, Any]:
    """Result of QA on a case."""
    return run("qa", **{**case.write(folder), **spec})


def not_passed(result: dict[str, Any]) -> dict[str, str]:
    """Checks with a value that did not pass."""
    return {name: verdict for name, verdict in checks_of(result).items() if verdict != "pass" and name not in _UNKNOWN}


def rows_of(result: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Rows of the table by name."""
    return {row["name"]: row for row in read_matches(result)}


def scaled(sources: list[Source], factor: float | Float) -> list[Source]:
    """The same sources with other fluxes."""
    factors = np.broadcast_to(factor, len(sources))
    return [(ra, dec, flux * float(f)) for (ra, dec, flux), f in zip(sources, factors, strict=True)]


@pytest.mark.parametrize("center_deg", [(202.8, 30.5), (0.3, 16.0)])
def test_a_right_tile_passes_every_check(run: StageRun, tmp_path: Path, center_deg: tuple[float, float]) -> None:
    result = judged(run, tmp_path, a_case(center_deg=center_deg), draw=True)

    summary = result["summary"]
    assert not_passed(result) == {}
    assert (summary["verdict"], summary["reference"]) == ("pass", "truth")
    assert summary["n_matched"] == summary["n_expected"] > 90
    assert summary["flux_ratio"] == pytest.approx(1.0, abs=0.005)
    assert 0 < summary["flux_ratio_scatter_snr50"] < summary["flux_ratio_scatter"] < 0.03
    assert abs(summary["ra_offset_arcsec"]) < 0.2 and abs(summary["dec_offset_arcsec"]) < 0.2
    assert summary["rms_jy"] == pytest.approx(0.001, rel=0.05)
    assert summary["completeness_8sigma"] == 1.0
    assert summary["spurious_fraction"] <= 0.02
    assert result["paths"].keys() == {"matches", "picture"}
    assert Path(result["paths"]["picture"]).read_bytes().startswith(b"\x89PNG")


def test_every_expected_source_is_in_the_table(run: StageRun, tmp_path: Path) -> None:
    case = a_case()

    rows = rows_of(judged(run, tmp_path, case))

    assert {row["status"] for row in rows.values()} == {"matched", "edge"}
    index = int(np.argmax([flux * (abs(ra - 202.8) < 0.5) for ra, _, flux in case.truth]))
    ra, dec, flux = case.truth[index]
    row = rows[f"S{index}"]
    assert (float(row["ra_deg"]), float(row["dec_deg"])) == pytest.approx((ra, dec), abs=1e-6)
    assert float(row["expected_jy"]) == pytest.approx(flux, rel=1e-3)
    assert float(row["measured_jy"]) == pytest.approx(flux, rel=0.02)
    assert float(row["flux_ratio"]) == pytest.approx(1.0, abs=0.02)
    assert abs(float(row["measured_jy"]) - flux) < 4 * float(row["error_jy"])
    assert row["detected"] == "true"


def test_a_wrong_flux_scale_fails(run: StageRun, tmp_path: Path) -> None:
    case = a_case()

    result = judged(run, tmp_path, replace(case, shown=scaled(case.truth, 0.9)))

    assert not_passed(result) == {"flux_ratio": "fail"}
    assert result["summary"]["verdict"] == "fail"
    assert result["summary"]["flux_ratio"] == pytest.approx(0.9, abs=0.005)


def test_fluxes_that_scatter_fail(run: StageRun, tmp_path: Path) -> None:
    case = a_case()
    rng = np.random.default_rng(8)
    factors = 1 + 0.035 * rng.permutation(np.linspace(-2, 2, len(case.truth)))

    little = judged(run, tmp_path / "little", replace(case, shown=scaled(case.truth, factors)))
    much = judged(run, tmp_path / "much", replace(case, shown=scaled(case.truth, 1 + 2 * (factors - 1))))

    assert little["summary"]["flux_ratio_scatter_snr50"] > 0.025
    assert not_passed(little).keys() >= {"flux_ratio_scatter_snr50"}
    assert not_passed(much).keys() >= {"flux_ratio_scatter", "flux_ratio_scatter_snr50"}


def test_a_shift_of_an_arcsecond_fails_in_its_axis(run: StageRun, tmp_path: Path) -> None:
    case = a_case()
    east = [(ra + 1 / 3600 / np.cos(np.deg2rad(dec)), dec, flux) for ra, dec, flux in case.truth]

    result = judged(run, tmp_path, replace(case, shown=east))

    assert checks_of(result)["ra_offset_arcsec"] == "fail"
    assert checks_of(result)["dec_offset_arcsec"] == "pass"
    assert result["summary"]["ra_offset_arcsec"] == pytest.approx(1.0, abs=0.15)


def test_a_wrong_size_of_the_field_shows_at_the_edge_only(run: StageRun, tmp_path: Path) -> None:
    case = a_case()
    ra0, dec0 = case.center_deg
    larger = [(ra0 + (ra - ra0) * 1.0003, dec0 + (dec - dec0) * 1.0003, flux) for ra, dec, flux in case.truth]

    result = judged(run, tmp_path, replace(case, shown=larger))

    assert not_passed(result) == {"offset_beyond_1p3_deg_arcsec": "fail"}
    assert result["summary"]["offset_beyond_1p3_deg_arcsec"] == pytest.approx(1.65, abs=0.2)


def test_annual_aberration_is_expected_where_the_header_does_not_say_it_is_out(run: StageRun, tmp_path: Path) -> None:
    case = a_case(rms_jy=1e-4)
    seen = [displaced(ra, dec, case.center_deg, case.sky.mjd or 0.0) for ra, dec, _ in case.truth]
    shown = [(float(ra), float(dec), t[2]) for (ra, dec), t in zip(seen, case.truth, strict=True)]

    foreign = judged(run, tmp_path / "foreign", replace(case, shown=shown, cards={}))
    ours = judged(run, tmp_path / "ours", replace(case, shown=shown))

    assert foreign["summary"]["offset_beyond_1p3_deg_arcsec"] < 0.12
    assert ours["summary"]["offset_beyond_1p3_deg_arcsec"] > 0.3


@pytest.mark.parametrize(
    ("axis", "flip"),
    [("RA", lambda m: m[:, ::-1]), ("Dec", lambda m: m[::-1]), ("RA and Dec", lambda m: m[::-1, ::-1])],
)
def test_a_mirrored_sky_fails_and_is_named(run: StageRun, tmp_path: Path, axis: str, flip: Any) -> None:
    # The image's centre is a pixel, so that the mirrored grid is one pixel short.
    def mirror(flat: Float) -> Float:
        turned = flat.copy()
        turned[1:, 1:] = flip(flat[1:, 1:])
        return turned

    result = judged(run, tmp_path, a_case(change=mirror))

    check = next(check for check in result["summary"]["checks"] if check["name"] == "not_mirrored")
    assert check["verdict"] == "fail"
    assert f"mirrored in {axis} the median flux is" in check["message"]
    assert result["summary"]["mirror_flux_ratio"] == pytest.approx(1.0, abs=0.05)
    assert checks_of(result)["flux_ratio"] == "fail"


def test_sources_that_are_not_in_the_sky_are_spurious(run: StageRun, tmp_path: Path) -> None:
    case = a_case()
    extra = scattered(replace(case), n_side=9, low_jy=0.05, high_jy=0.1, seed=21)

    result = judged(run, tmp_path, replace(case, shown=[*case.truth, *extra]))

    assert checks_of(result)["spurious_fraction"] == "fail"
    assert 0.15 < result["summary"]["spurious_fraction"] < 0.45


def test_lost_sources_count_in_ratio_and_completeness(run: StageRun, tmp_path: Path) -> None:
    case = a_case()
    tenth = [source for i, source in enumerate(case.truth) if i % 10]
    third = [source for i, source in enumerate(case.truth) if i % 3 == 0]

    some = judged(run, tmp_path / "some", replace(case, shown=tenth))
    most = judged(run, tmp_path / "most", replace(case, shown=third))

    assert not_passed(some) == {"completeness_8sigma": "fail"}
    assert some["summary"]["completeness_8sigma"] == pytest.approx(0.9, abs=0.03)
    assert {row["status"] for row in rows_of(some).values()} == {"matched", "missing", "edge"}
    assert not_passed(most).keys() >= {"completeness_8sigma", "flux_ratio"}


def test_negative_holes_show_in_the_minimum_and_the_negated_image(run: StageRun, tmp_path: Path) -> None:
    case = a_case()
    holes = scattered(replace(case), n_side=7, low_jy=0.1, high_jy=0.2, seed=5)

    result = judged(run, tmp_path, replace(case, shown=[*case.truth, *scaled(holes, -1.0)]))

    assert not_passed(result).keys() >= {"min_over_peak", "negative_fraction"}
    assert result["summary"]["min_over_peak"] < -0.05


def test_noise_alone_is_no_sign_of_divergence(run: StageRun, tmp_path: Path) -> None:
    case = a_case()

    result = judged(run, tmp_path, replace(case, truth=scaled(case.truth, 0.03)))

    assert result["summary"]["min_over_peak"] < -0.02
    assert checks_of(result)["min_over_peak"] == "pass"


def test_noise_residuals_and_missing_pixels_are_judged(run: StageRun, tmp_path: Path) -> None:
    case = a_case(rms_jy=0.02)
    residual = case.sky.noise() / 20
    residual[200, 300] = -0.3

    def blank(flat: Float) -> Float:
        flat[100:220, 240:360] = np.nan
        return flat

    spec = replace(case, change=blank).write(tmp_path)
    spec["residual_fits"] = str(case.sky.write(tmp_path / "residual.fits", residual))
    result = run("qa", **spec, thermal_rms_jy=0.001)

    assert checks_of(result)["rms_jy"] == "fail"
    assert checks_of(result)["rms_over_thermal"] == "warn"
    assert checks_of(result)["residual_peak_jy"] == "fail"
    assert checks_of(result)["coverage"] == "warn"
    assert result["summary"]["rms_over_thermal"] == pytest.approx(20, rel=0.05)
    assert result["summary"]["residual_peak_jy"] == pytest.approx(0.3, rel=0.01)


def test_sources_in_holes_are_not_missed(run: StageRun, tmp_path: Path) -> None:
    def perforate(flat: Float) -> Float:
        flat[280:330, 100:500] = np.nan
        return flat

    result = judged(run, tmp_path, a_case(change=perforate))

    assert not_passed(result) == {"coverage": "warn"}
    assert result["summary"]["verdict"] == "warn"


def test_excluded_sources_judge_nothing(run: StageRun, tmp_path: Path) -> None:
    case = a_case()
    index = int(np.argmax([flux for _, _, flux in case.truth]))
    ra, dec, flux = case.truth[index]
    brighter = scaled(case.truth, np.where(np.arange(len(case.truth)) == index, 3.0, 1.0))
    unlisted = (*case.sky.at(330, 325), 0.5)
    shown = replace(case, shown=[*brighter, unlisted])
    variable = {"name": "variable", "ra_deg": ra, "dec_deg": dec, "flux_jy": flux}
    new = {"name": "new", "ra_deg": unlisted[0], "dec_deg": unlisted[1], "flux_jy": 0.5}

    result = judged(run, tmp_path, shown, exclude=[variable, new])

    rows = rows_of(result)
    assert rows[f"S{index}"]["status"] == rows["new"]["status"] == "excluded"
    assert result["summary"]["spurious_fraction"] == 0
    assert not_passed(result) == {}


def test_sources_within_one_beam_are_one_expectation(run: StageRun, tmp_path: Path) -> None:
    case = a_case()
    twin = [(*FakeSky.at(case.sky, *_pixel(case, s, 2.0)), s[2] * 0.8) for s in case.truth]
    blended = replace(case, truth=[*case.truth, *twin])

    result = judged(run, tmp_path, blended)

    assert not_passed(result) == {}
    assert {row["n_merged"] for row in rows_of(result).values()} == {"2"}


def test_a_source_under_the_flank_of_a_brighter_one_judges_nothing(run: StageRun, tmp_path: Path) -> None:
    case = a_case()
    faint = [(*FakeSky.at(case.sky, *_pixel(case, s, 4.6)), s[2] * 0.05) for s in case.truth]

    result = judged(run, tmp_path, replace(case, truth=[*case.truth, *faint]))

    rows = rows_of(result)
    hidden = [name for name, row in rows.items() if row["status"] == "hidden"]
    assert len(hidden) > 30
    assert all(int(name[1:]) >= len(case.truth) for name in hidden)
    assert not_passed(result) == {}


def _pixel(case: Case, source: Source, shift_px: float) -> tuple[float, float]:
    """Pixel of a source, moved along x."""
    x, y = case.sky.wcs.wcs_world2pix([source[0]], [source[1]], 0)
    return float(x[0]) + shift_px, float(y[0])


def test_nothing_to_compare_with_is_not_evaluated(run: StageRun, tmp_path: Path) -> None:
    result = judged(run, tmp_path, Case(rms_jy=0.001))

    summary = result["summary"]
    assert summary["verdict"] == "not_evaluated"
    assert (summary["flux_ratio"], summary["n_expected"], summary["ra_offset_arcsec"]) == (None, 0, None)
    assert summary["spurious_fraction"] is None
    message = next(check["message"] for check in summary["checks"] if check["name"] == "flux_ratio")
    assert message == "0 sources are expected above 20 sigma; 3 are needed"


def test_truth_is_scaled_to_the_frequency_of_the_image(run: StageRun, tmp_path: Path) -> None:
    case = a_case()
    spec = case.write(tmp_path)
    at_1300 = scaled(case.truth, (1.3e9 / case.sky.freq_hz) ** -0.7)
    spec["truth"] = str(write_truth(tmp_path / "t.json", at_1300, 1.3e9))

    assert run("qa", **spec)["summary"]["flux_ratio"] == pytest.approx(1.0, abs=0.005)


def test_bad_input_is_named(run: StageRun, tmp_path: Path) -> None:
    case = a_case()
    spec = case.write(tmp_path)
    fits.writeto(tmp_path / "nowcs.fits", np.ones((50, 50), dtype=np.float32))
    case.sky.write(tmp_path / "nan.fits", np.full((SIZE_PX, SIZE_PX), np.nan))
    case.sky.write(tmp_path / "flat.fits", np.full((SIZE_PX, SIZE_PX), 1.0))
    case.sky.write(tmp_path / "dark.fits", np.zeros((SIZE_PX, SIZE_PX)), "")
    (tmp_path / "empty.json").write_text("")
    (tmp_path / "text.json").write_text("no truth")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "field.json").write_text('{"sources": [{"ra_deg": 1, "dec_deg": 2}]}')
    alone = {"flat_noise_fits": None, "pb_fits": None}
    wrong = [
        ({**alone, "fits": "nowcs.fits"}, "IMAGE_NO_WCS", "CTYPE1"),
        ({**alone, "fits": "nan.fits"}, "IMAGE_INVALID", "no finite pixel"),
        ({**alone, "fits": "flat.fits"}, "IMAGE_INVALID", "no noise"),
        ({"pb_fits": "dark.fits"}, "IMAGE_INVALID", "primary beam above 0.3"),
        ({"residual_fits": "absent.fits"}, "FILE_MISSING", "absent.fits"),
        ({"truth": "absent.json"}, "FILE_MISSING", "absent.json"),
        ({"truth": "empty.json"}, "FILE_EMPTY", "empty.json"),
        ({"truth": "text.json"}, "SPEC_INVALID", "no JSON"),
        ({"truth": "list.json"}, "SPEC_INVALID", "no list 'sources'"),
        ({"truth": "field.json"}, "SPEC_INVALID", "sources[0].flux_jy"),
    ]

    for change, code, words in wrong:
        paths = {key: value and str(tmp_path / value) for key, value in change.items()}
        failure = run("qa", **{**spec, **paths})
        assert (failure["exit_code"], failure.get("code")) == (2, code), change
        assert words in failure["message"]
    assert run("qa", **{**spec, "min_snr": -1})["code"] == "SPEC_INVALID"
