"""Photometry: what a user gets for positions on images whose sources are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from conftest import FIXTURES, StageRun
from sky_images import FakeSky, airy_like

from meridian_compute.aberration import displaced
from meridian_compute.catalog import cone, load_nvss, nvss_name

VAST = FIXTURES / "images" / "vast"


def positions_of(sources: list[tuple[float, float, float]]) -> list[dict[str, Any]]:
    """Spec positions, called by their place in the list."""
    return [{"id": str(i), "ra_deg": ra, "dec_deg": dec} for i, (ra, dec, _) in enumerate(sources)]


def scattered(sky: FakeSky, n: int, low_jy: float, high_jy: float, seed: int = 5) -> list[tuple[float, float, float]]:
    """Sources on a jittered grid, so that no two touch."""
    rng = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(n)))
    step_x, step_y = sky.size_px[0] / (side + 1), sky.size_px[1] / (side + 1)
    places = [(i, j) for j in range(1, side + 1) for i in range(1, side + 1)][:n]
    fluxes = np.geomspace(low_jy, high_jy, n)
    return [
        (*sky.at(i * step_x + rng.uniform(-3, 3), j * step_y + rng.uniform(-3, 3)), float(flux))
        for (i, j), flux in zip(places, fluxes, strict=True)
    ]


def test_fluxes_and_their_errors_are_right(run: StageRun, tmp_path: Path) -> None:
    empty = FakeSky(size_px=(900, 900))
    sources = scattered(empty, 144, 0.002, 0.5)
    image = FakeSky(size_px=(900, 900), sources=sources, rms_jy=0.001).write(tmp_path / "a.fits")

    result = run("photometry", fits=str(image), positions=positions_of(sources))

    summary = result["summary"]
    assert summary["by_status"] == {"measured": 144}
    assert summary["n_empty_positions"] >= 200
    assert 0.9 < summary["error_scale_k"] < 1.6
    rows = summary["rows"]
    truth = np.array([flux for _, _, flux in sources])
    flux = np.array([row["peak_flux_jy"] for row in rows])
    error = np.array([row["peak_flux_err_jy"] for row in rows])
    assert abs(np.mean((flux - truth) / error)) < 0.3
    assert 0.8 < np.std((flux - truth) / error) < 1.2
    assert np.median([row["local_rms_jy"] for row in rows]) == pytest.approx(0.001, rel=0.05)
    assert json.loads(Path(result["paths"]["rows"]).read_text()) == rows


def test_a_position_without_a_source_may_be_negative(run: StageRun, tmp_path: Path) -> None:
    sky = FakeSky(rms_jy=0.001)
    places = [(*sky.at(40 + 30 * i, 40 + 30 * j), 0.0) for i in range(11) for j in range(11)]
    image = sky.write(tmp_path / "noise.fits")

    rows = run("photometry", fits=str(image), positions=positions_of(places))["summary"]["rows"]

    flux = np.array([row["peak_flux_jy"] for row in rows])
    assert (flux < 0).sum() > 30
    assert abs(flux.mean()) < 4e-4


def test_neighbours_are_fitted_jointly_on_a_real_blend(run: StageRun) -> None:
    # 1 Jy and 2 Jy, 12 arcsec apart, in a beam of 15 x 10 arcsec.
    pair = [{"id": "one", "ra_deg": 150.0, "dec_deg": -30.0}, {"id": "two", "ra_deg": 150.003849, "dec_deg": -30.0}]

    rows = run("photometry", fits=str(VAST / "epoch02.fits"), positions=pair)["summary"]["rows"]

    assert [row["status"] for row in rows] == ["measured", "measured"]
    assert [row["n_blended"] for row in rows] == [1, 1]
    assert rows[0]["peak_flux_jy"] == pytest.approx(1.0, abs=0.01)
    assert rows[1]["peak_flux_jy"] == pytest.approx(2.0, abs=0.01)


def test_what_cannot_be_taken_apart_has_no_value(run: StageRun, tmp_path: Path) -> None:
    sky = FakeSky(rms_jy=0.001)
    source = (*sky.at(200, 200), 0.5)
    near = (*sky.at(200.4, 200), 0.0)
    image = FakeSky(sources=[source], rms_jy=0.001).write(tmp_path / "a.fits")

    rows = run("photometry", fits=str(image), positions=positions_of([source, near]))["summary"]["rows"]

    assert [row["status"] for row in rows] == ["blended", "blended"]
    assert [row["peak_flux_jy"] for row in rows] == [None, None]


def test_the_same_position_twice_gives_the_same_value_twice(run: StageRun, tmp_path: Path) -> None:
    sky = FakeSky(rms_jy=0.001)
    source = (*sky.at(200, 200), 0.5)
    image = FakeSky(sources=[source], rms_jy=0.001).write(tmp_path / "a.fits")

    rows = run("photometry", fits=str(image), positions=positions_of([source, source]))["summary"]["rows"]

    assert rows[0]["peak_flux_jy"] == rows[1]["peak_flux_jy"] == pytest.approx(0.5, abs=0.006)


def test_statuses_follow_the_primary_beam(run: StageRun, tmp_path: Path) -> None:
    grid: dict[str, Any] = {"size_px": (500, 500), "cell_arcsec": 24.0, "beam_arcsec": (120.0, 80.0, 20.0)}
    diagonal = [0, 180, 205, 235]
    places = [FakeSky(**grid).at(250 + step, 250 - step) for step in diagonal]
    expected_pb = [float(airy_like(np.array(np.hypot(step, step) * 24 / 3600))) for step in diagonal]
    sky = FakeSky(**grid, pb=airy_like, rms_jy=0.001, sources=[(*place, 1.0) for place in places])
    flat, pb = sky.pixels(), sky.pb_map()
    corrected = np.where(pb >= 0.2, flat / pb, np.nan)
    spec = {
        "fits": str(sky.write(tmp_path / "i.fits", corrected)),
        "flat_noise_fits": str(sky.write(tmp_path / "f.fits", flat)),
        "pb_fits": str(sky.write(tmp_path / "p.fits", pb, "")),
    }

    rows = run("photometry", **spec, positions=positions_of([(*place, 1.0) for place in places]))["summary"]["rows"]

    assert expected_pb == pytest.approx([1.0, 0.33, 0.24, 0.16], abs=0.03)
    assert [row["status"] for row in rows] == ["measured", "measured", "edge", "not_covered"]
    assert [row["pb"] for row in rows] == pytest.approx(expected_pb, abs=0.005)
    assert [row["peak_flux_jy"] for row in rows[:3]] == pytest.approx([1.0, 1.0, 1.0], abs=0.02)
    assert rows[2]["local_rms_jy"] == pytest.approx(0.001 / rows[2]["pb"], rel=0.2)
    assert rows[3]["peak_flux_jy"] is None
    assert "primary beam" in rows[3]["reason"]


def test_masked_outside_and_bordered_positions_say_why(run: StageRun, tmp_path: Path) -> None:
    sky = FakeSky(rms_jy=0.001)
    data = sky.pixels()
    data[196:205, 196:205] = np.nan
    data[:, :60] = 0.0
    image = sky.write(tmp_path / "a.fits", data)
    places = [(*sky.at(200, 200), 0), (*sky.at(20, 200), 0), (10.0, -60.0, 0), (*sky.at(300, 100), 0)]

    rows = run("photometry", fits=str(image), positions=positions_of(places))["summary"]["rows"]

    assert [row["status"] for row in rows] == ["masked", "masked", "not_covered", "measured"]
    assert all(row["reason"] for row in rows[:3])
    assert all(row["peak_flux_jy"] is None for row in rows[:3])


def test_the_astrometric_shift_is_found_and_applied(run: StageRun, tmp_path: Path) -> None:
    size = (1500, 1500)
    sky = FakeSky(size_px=size, cell_arcsec=7.0, beam_arcsec=(40.0, 30.0, 20.0))
    catalog = cone(*sky.center_deg, 2.2)
    moved = [(r + 3.0 / 3600 / np.cos(np.deg2rad(d)), d - 4.0 / 3600, s) for r, d, s, _ in catalog.tolist()]
    image = FakeSky(
        size_px=size, cell_arcsec=7.0, beam_arcsec=(40.0, 30.0, 20.0), sources=moved, rms_jy=0.001, mjd=None
    ).write(tmp_path / "a.fits")

    summary = run("photometry", fits=str(image), catalog="nvss")["summary"]
    unshifted = run("photometry", fits=str(image), catalog="nvss", correct_astrometry=False)["summary"]

    assert summary["ra_shift_arcsec"] == pytest.approx(3.0, abs=0.2)
    assert summary["dec_shift_arcsec"] == pytest.approx(-4.0, abs=0.2)
    by_id = {row["id"]: row for row in summary["rows"]}
    truth = {nvss_name(r, d): s for r, d, s, _ in catalog.tolist()}
    alone = [key for key, row in by_id.items() if row["status"] == "measured" and not row["n_blended"]]
    ratio = np.array([by_id[key]["peak_flux_jy"] / truth[key] for key in alone])
    assert len(alone) > 15
    assert np.median(ratio) == pytest.approx(1.0, abs=0.01)
    assert unshifted["ra_shift_arcsec"] is None
    lower = np.median([row["peak_flux_jy"] / truth[row["id"]] for row in unshifted["rows"] if row["peak_flux_jy"]])
    assert lower < 0.98


def test_annual_aberration_of_a_foreign_image_is_predicted(run: StageRun, tmp_path: Path) -> None:
    sky = FakeSky(size_px=(1500, 1500), cell_arcsec=7.0, beam_arcsec=(20.0, 16.0, 0.0))
    true = [sky.at(60 + 345 * i, 60 + 345 * j) for i in range(5) for j in range(5)]
    seen = [displaced(ra, dec, sky.center_deg, sky.mjd or 0.0) for ra, dec in true]
    shown = [(float(ra), float(dec), 1.0) for ra, dec in seen]
    image = FakeSky(
        size_px=(1500, 1500), cell_arcsec=7.0, beam_arcsec=(20.0, 16.0, 0.0), sources=shown, rms_jy=1e-4
    ).write(tmp_path / "a.fits")

    rows = run("photometry", fits=str(image), positions=positions_of([(*p, 1.0) for p in true]))["summary"]["rows"]

    assert max(np.hypot(t[0] - s[0], t[1] - s[1]) for t, s in zip(true, shown, strict=True)) * 3600 > 0.2
    assert np.array([row["peak_flux_jy"] for row in rows]) == pytest.approx(1.0, abs=0.002)


def test_aegean_agrees_with_our_own_fit(run: StageRun, tmp_path: Path) -> None:
    sky = FakeSky(size_px=(300, 300))
    sources = [*scattered(sky, 9, 0.05, 0.5), (*sky.at(100.2, 137.6), 1.0), (*sky.at(104.2, 137.6), 0.4)]
    image = FakeSky(size_px=(300, 300), sources=sources, rms_jy=0.0005).write(tmp_path / "a.fits")

    rows = run("photometry", fits=str(image), positions=positions_of(sources), method="aegean")["summary"]["rows"]

    assert [row["peak_flux_jy"] for row in rows] == pytest.approx([s[2] for s in sources], abs=0.004)


@pytest.mark.parametrize("name", ["p.json", "p.csv", "pairs.json"])
def test_positions_come_from_json_and_csv(run: StageRun, tmp_path: Path, name: str) -> None:
    sky = FakeSky(rms_jy=0.001)
    ra, dec = sky.at(200, 200)
    image = FakeSky(sources=[(ra, dec, 0.3)], rms_jy=0.001).write(tmp_path / "a.fits")
    texts = {
        "p.json": json.dumps([{"id": "s", "ra_deg": ra, "dec_deg": dec}]),
        "p.csv": f"# from a table\nid, ra_deg, dec_deg\ns, {ra}, {dec}\n",
        "pairs.json": json.dumps({"coordinates": [[ra, dec]]}),
    }
    (tmp_path / name).write_text(texts[name])

    rows = run("photometry", fits=str(image), positions_file=str(tmp_path / name))["summary"]["rows"]

    assert rows[0]["peak_flux_jy"] == pytest.approx(0.3, abs=0.006)
    assert rows[0]["id"] == ("1" if name == "pairs.json" else "s")


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "FILE_EMPTY", "empty"),
        ("[{]", "SPEC_INVALID", "no JSON"),
        ("name,flux\na,1\n", "SPEC_INVALID", "ra_deg"),
        ("id,ra_deg,dec_deg\na,ten,3\n", "SPEC_INVALID", "position 1"),
        ("id,ra_deg,dec_deg\na,10,95\n", "SPEC_INVALID", "not on the sky"),
        ("id,ra_deg,dec_deg\na,nan,5\n", "SPEC_INVALID", "a number of degrees"),
    ],
)
def test_bad_position_files_are_named(run: StageRun, tmp_path: Path, text: str, code: str, words: str) -> None:
    image = FakeSky(rms_jy=0.001).write(tmp_path / "a.fits")
    (tmp_path / "p.txt").write_text(text)

    failure = run("photometry", fits=str(image), positions_file=str(tmp_path / "p.txt"))

    assert failure["exit_code"] == 2
    assert failure["code"] == code
    assert words in failure["message"]


def test_bad_images_are_named(run: StageRun, tmp_path: Path) -> None:
    sky = FakeSky(rms_jy=0.001)
    good = sky.write(tmp_path / "good.fits")
    fits.writeto(tmp_path / "nowcs.fits", np.ones((50, 50), dtype=np.float32))
    sky.write(tmp_path / "nan.fits", np.full((400, 400), np.nan))
    (tmp_path / "empty.fits").write_bytes(b"")
    (tmp_path / "text.fits").write_text("this is no FITS file")
    (tmp_path / "short.fits").write_bytes(good.read_bytes()[:200_000])
    sky.write(tmp_path / "kelvin.fits", unit="K")
    fits.writeto(tmp_path / "cube.fits", np.ones((3, 40, 40), dtype=np.float32), sky.wcs.to_header())
    fits.writeto(tmp_path / "nobeam.fits", sky.pixels().astype(np.float32), sky.wcs.to_header())
    expected = {
        "absent": "FILE_MISSING", "nowcs": "IMAGE_NO_WCS", "nan": "IMAGE_INVALID", "empty": "FILE_EMPTY",
        "text": "IMAGE_INVALID", "short": "FILE_TRUNCATED", "kelvin": "IMAGE_INVALID", "cube": "IMAGE_INVALID",
        "nobeam": "IMAGE_INVALID",
    }  # fmt: skip

    for name, code in expected.items():
        place = {"id": "a", "ra_deg": 0, "dec_deg": 0}
        failure = run("photometry", fits=str(tmp_path / f"{name}.fits"), positions=[place])
        assert (failure["exit_code"], failure.get("code")) == (2, code), name
        assert f"{name}.fits" in failure["message"]


def test_companions_must_fit_the_image(run: StageRun, tmp_path: Path) -> None:
    sky = FakeSky(rms_jy=0.001)
    image = sky.write(tmp_path / "a.fits")
    other = FakeSky(size_px=(300, 300)).write(tmp_path / "pb.fits", np.ones((300, 300)), "")
    elsewhere = FakeSky(center_deg=(10.0, 10.0)).write(tmp_path / "far.fits", np.ones((400, 400)), "")
    places = positions_of([(*sky.at(200, 200), 0.0)])

    for companion in (other, elsewhere):
        failure = run("photometry", fits=str(image), pb_fits=str(companion), positions=places)
        assert failure["code"] == "SHAPE_MISMATCH"
    assert run("photometry", fits=str(image))["code"] == "SPEC_INVALID"
    assert (
        run("photometry", fits=str(image), positions=places, annulus_inner_arcsec=50, annulus_outer_arcsec=40)["code"]
        == "SPEC_INVALID"
    )


def test_catalogue_ids_are_unique() -> None:
    catalog = load_nvss()
    ids = {nvss_name(ra, dec) for ra, dec in zip(catalog["ra_deg"], catalog["dec_deg"], strict=True)}

    assert len(ids) == len(catalog)
