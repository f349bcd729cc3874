"""What inspect says of files, good and bad."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from astropy.io import fits
from conftest import FIXTURES, StageRun


def inspect(run: StageRun, *paths: Path | str, **options: Any) -> list[dict[str, Any]]:
    result = run("inspect", paths=[str(path) for path in paths], **options)
    assert result["exit_code"] == 0
    files: list[dict[str, Any]] = result["summary"]["files"]
    return files


def test_a_simulated_subband(run: StageRun, simulated: StageRun) -> None:
    group = simulated(start_utc="2026-01-25T22:26:05", pointing_dec_deg=16.15, n_groups=1, n_antennas=6, n_subbands=3)
    path = next(name for name in group["files"] if name.endswith("_sb02.hdf5"))

    (found,) = inspect(run, path, read_data=True)

    expected = {
        "kind": "uvh5", "status": "ok", "error_code": None, "layout": "dsa110_meridian", "telescope_name": "DSA_110",
        "subband": 2, "n_blts": 504, "n_baselines": 21, "n_times": 24, "n_freqs": 48, "n_pols": 2, "n_antennas": 6,
        "polarizations": [-5, -6], "channel_width_hz": 244140.625, "freq_order": "descending",
        "start_utc": "2026-01-25T22:26:05.250Z", "finite_fraction": 1.0, "zero_fraction": 0.0, "flagged_fraction": 0.0,
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected
    assert found["pointing_dec_deg"] == pytest.approx(16.15)
    assert found["freq_max_hz"] == pytest.approx(1498643188.48 - 96 * 244140.625)
    truth = group["truth"]["groups"][0]
    assert (found["phase_ra_deg"], found["phase_dec_deg"]) == pytest.approx(
        (truth["phase_ra_deg"], truth["phase_dec_deg"]), abs=1e-6
    )


def test_real_files_of_other_telescopes(run: StageRun) -> None:
    (ata_path,), (hera_path,) = (list((FIXTURES / "uvh5").glob(pattern)) for pattern in ("ata*", "zen*"))

    ata, hera = inspect(run, ata_path, hera_path, read_data=True)

    assert (ata["layout"], ata["telescope_name"], ata["freq_order"]) == ("phased", "ATA", "ascending")
    assert (ata["n_baselines"], ata["n_freqs"], ata["polarizations"]) == (406, 16, [-5, -7, -8, -6])
    assert (ata["phase_ra_deg"], ata["phase_dec_deg"]) == pytest.approx((202.784529, 30.5091553), abs=1e-6)
    assert ata["pointing_dec_deg"] is None and ata["zero_fraction"] > 0.2
    assert (hera["layout"], hera["telescope_name"], hera["n_times"]) == ("drift_zenith", "HERA", 20)
    assert hera["phase_dec_deg"] == pytest.approx(-30.72, abs=0.2)


def test_a_measurement_set_and_an_image(run: StageRun, tiny_group: list[Path], tmp_path: Path) -> None:
    ms = run("convert", files=[str(path) for path in tiny_group])["paths"]["ms"]
    header = {
        "CTYPE1": "RA---SIN", "CTYPE2": "DEC--SIN", "CRVAL1": -16.2, "CRVAL2": 16.0, "CRPIX1": 16.5, "CRPIX2": 16.5,
        "CDELT1": -0.01, "CDELT2": 0.01, "BUNIT": "Jy/beam", "TELESCOP": "DSA_110", "BMAJ": 0.01,
    }  # fmt: skip
    fits.PrimaryHDU(np.ones((32, 32), np.float32), fits.Header(header)).writeto(tmp_path / "tile.fits")

    found, image = inspect(run, ms, tmp_path / "tile.fits", read_data=True)

    assert (found["kind"], found["n_times"], found["n_freqs"], found["freq_order"]) == ("ms", 4, 6, "ascending")
    assert found["pointing_dec_deg"] == pytest.approx(16.15) and found["extra"]["data_columns"] == "DATA"
    assert (image["kind"], image["telescope_name"], image["finite_fraction"]) == ("fits", "DSA_110", 1.0)
    assert (image["phase_ra_deg"], image["phase_dec_deg"]) == pytest.approx((343.8, 16.0), abs=1e-6)
    assert image["extra"]["bunit"] == "Jy/beam"


def test_each_bad_file_is_an_entry_with_its_code_and_the_others_are_read(
    run: StageRun, tiny_group: list[Path], tmp_path: Path
) -> None:
    good, truncated, not_finite = tiny_group
    (tmp_path / "empty.hdf5").touch()
    (tmp_path / "text.hdf5").write_text("no data")
    with h5py.File(tmp_path / "foreign.hdf5", "w") as file:
        file["x"] = 1
    with truncated.open("r+b") as handle:
        handle.truncate(4000)
    with h5py.File(not_finite, "r+") as file:
        file["Data/visdata"][...] = np.nan
    (tmp_path / "no.ms").mkdir()
    fits.PrimaryHDU(np.ones((4, 4))).writeto(tmp_path / "no_wcs.fits")
    fits.BinTableHDU.from_columns([fits.Column("x", "D", array=[1.0])]).writeto(tmp_path / "table.fits")
    (tmp_path / "cut.fits").write_bytes((tmp_path / "no_wcs.fits").read_bytes()[:1000])
    names = ["empty.hdf5", "text.hdf5", "foreign.hdf5", "absent.hdf5", "no.ms", "no_wcs.fits", "table.fits", "cut.fits"]

    found = inspect(run, good, truncated, not_finite, *(tmp_path / name for name in names), read_data=True)

    assert [entry["error_code"] for entry in found] == [
        None, "FILE_TRUNCATED", "DATA_NOT_FINITE", "FILE_EMPTY", "FILE_NOT_HDF5", "FILE_FOREIGN", "FILE_MISSING",
        "MS_INVALID", "IMAGE_NO_WCS", "IMAGE_INVALID", "FILE_TRUNCATED",
    ]  # fmt: skip
    for entry in found[1:]:
        assert entry["status"] == "error" and Path(entry["path"]).name in entry["error"]
