"""The lean converter against pyuvdata, on simulated groups and on real files."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.time import Time
from astropy.utils import iers
from casacore.tables import table
from conftest import FIXTURES, StageRun
from pyuvdata import UVData

iers.conf.auto_download = False

STRIP = {"start_utc": "2026-01-25T22:26:05", "pointing_dec_deg": 54.0, "n_groups": 1}
#: Outriggers included: the longest baseline is 2.6 km.
GROUP = {
    "station_numbers": [1, 27, 51, 70, 101, 103, 109, 116],
    "n_subbands": 2,
    "channels_per_subband": 8,
    "n_integrations": 6,
    "sky": {"min_flux_jy": 0.5},
}
EXACT = ("ANTENNA1", "ANTENNA2", "TIME", "FLAG")
REAL = {"ata": "ata*", "hera": "zen*"}


def read(ms: str) -> dict[str, np.ndarray]:
    with table(ms, ack=False) as main:
        columns = {name: main.getcol(name) for name in (*EXACT, "UVW", "DATA", "WEIGHT_SPECTRUM", "INTERVAL")}
    with table(f"{ms}::FIELD", ack=False) as fields:
        columns["PHASE_DIR"] = fields.getcol("PHASE_DIR")
    with table(f"{ms}::SPECTRAL_WINDOW", ack=False) as windows:
        columns["CHAN_FREQ"] = windows.getcol("CHAN_FREQ")
    return columns


def assert_parity(lean: dict[str, np.ndarray], oracle: dict[str, np.ndarray]) -> None:
    for name in EXACT:
        assert np.array_equal(lean[name], oracle[name]), name
    assert np.abs(lean["UVW"] - oracle["UVW"]).max() < 1e-3
    assert lean["CHAN_FREQ"] == pytest.approx(oracle["CHAN_FREQ"], rel=1e-12)
    assert (
        np.deg2rad(3.6e-3 / 3600)
        > np.abs((lean["PHASE_DIR"] - oracle["PHASE_DIR"] + np.pi) % (2 * np.pi) - np.pi).max()
    )
    assert_same_visibilities(lean["DATA"], oracle["DATA"])


def assert_same_visibilities(values: np.ndarray, oracle: np.ndarray) -> None:
    """Equal to 1e-5 of each value or of the typical one: a few cells of the ATA file hold garbage up to 1e36."""
    size = np.abs(oracle.astype(np.complex128))
    typical = np.median(size[size > 0])
    assert (np.abs(values.astype(np.complex128) - oracle) <= 1e-5 * np.maximum(size, typical)).all()


@pytest.mark.parametrize("options", [{"max_channel_width_hz": None}, {"max_channel_width_hz": 3e6}])
@pytest.mark.parametrize("layout", ["new", "old"])
def test_simulated_groups(run: StageRun, simulated: StageRun, layout: str, options: dict[str, Any]) -> None:
    files = simulated(**STRIP, **GROUP, layout=layout)["files"]

    lean = run("convert", files=files, **options)
    oracle = run("convert", files=files, driver="pyuvdata", **options)

    assert oracle["exit_code"] == 0, oracle
    assert oracle["tools"]["pyuvdata"].startswith("3.")
    columns = read(lean["paths"]["ms"])
    assert_parity(columns, read(oracle["paths"]["ms"]))
    assert np.linalg.norm(columns["UVW"], axis=1).max() > 2000
    assert lean["summary"]["ms"] == oracle["summary"]["ms"] | {
        name: pytest.approx(oracle["summary"]["ms"][name], abs=1e-7)
        for name in ("start_mjd", "end_mjd", "mid_mjd", "phase_ra_deg", "phase_dec_deg", "pointing_dec_deg")
    }


@pytest.mark.parametrize("name", REAL)
def test_real_files_as_pyuvdata_itself_writes_them(run: StageRun, tmp_path: Path, name: str) -> None:
    (path,) = (FIXTURES / "uvh5").glob(REAL[name])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = UVData.from_file(str(path), file_type="uvh5", run_check_acceptability=False)
        data.write_ms(str(tmp_path / "oracle.ms"), force_phase=True, run_check_acceptability=False)

    lean = run("convert", files=[str(path)], max_channel_width_hz=None)

    columns, oracle = read(lean["paths"]["ms"]), read(str(tmp_path / "oracle.ms"))
    numbers = np.unique(oracle["ANTENNA1"])
    for end in ("ANTENNA1", "ANTENNA2"):
        oracle[end] = np.searchsorted(numbers, oracle[end])
    assert_parity(columns, oracle)


@pytest.mark.parametrize("name", REAL)
def test_pyuvdata_reads_what_we_write(run: StageRun, name: str) -> None:
    """Back in pyuvdata, our measurement set holds the file's visibilities, in its conjugation and units."""
    (path,) = (FIXTURES / "uvh5").glob(REAL[name])
    ms = run("convert", files=[str(path)], max_channel_width_hz=None)["paths"]["ms"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        raw = UVData.from_file(str(path), file_type="uvh5", run_check_acceptability=False)
        if name == "hera":
            raw.phase_to_time(Time(raw.time_array[0], format="jd"))
        raw.conjugate_bls("ant1<ant2")
        back = UVData.from_file(ms, file_type="ms", run_check_acceptability=False)

    order = [list(back.polarization_array).index(code) for code in raw.polarization_array]
    assert_same_visibilities(back.data_array[..., order], raw.data_array)
    assert np.abs(back.uvw_array - raw.uvw_array).max() < 1e-3
    assert back.telescope.name == raw.telescope.name
    assert [back.telescope.antenna_names[i] for i in np.unique(back.ant_1_array)] == [
        raw.telescope.antenna_names[list(raw.telescope.antenna_numbers).index(n)] for n in np.unique(raw.ant_1_array)
    ]


def test_the_oracle_refuses_what_only_the_lean_driver_does(run: StageRun, simulated: StageRun) -> None:
    files = simulated(**STRIP, **GROUP)["files"]

    failure = run("convert", files=files[:1], expected_subbands=2, driver="pyuvdata")

    assert (failure["code"], failure["context"]["field"]) == ("SPEC_INVALID", "driver")
