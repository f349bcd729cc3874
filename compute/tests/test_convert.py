"""One measurement set from subband files: layout, averages, flags, bad input."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from casacore.tables import table
from conftest import FIXTURES, PERFECT, StageRun

from meridian_compute.beam import beam_towards
from meridian_compute.frames import meridian_icrs, separation_rad
from meridian_compute.stations import load_stations

STRIP = {"start_utc": "2026-01-25T22:26:05", "pointing_dec_deg": 16.15, "n_groups": 1, "stamp_jitter_s": 0}
ONE_SOURCE = {"catalog": "none", "extra_sources": [{"name": "a", "ra_deg": 343.3, "dec_deg": 16.6, "flux_jy": 2.0}]}
SMALL = {"n_antennas": 6, "n_subbands": 4, "channels_per_subband": 8, "n_integrations": 6}
FULL_WIDTH = {"max_channel_width_hz": None}


def column(ms: str, name: str, subtable: str = "") -> np.ndarray:
    with table(ms + (f"::{subtable}" if subtable else ""), ack=False) as tab:
        return np.asarray(tab.getcol(name))


def edit(path: Path, change: Callable[[h5py.File], None]) -> None:
    with h5py.File(path, "r+") as file:
        change(file)


def replace(file: h5py.File, name: str, value: Any) -> None:
    del file[name]
    file[name] = value


def convert(run: StageRun, files: list[str] | list[Path], **spec: Any) -> dict[str, Any]:
    return run("convert", files=[str(path) for path in files], **spec)


def test_a_group_becomes_one_ascending_window_and_one_field(run: StageRun, simulated: StageRun) -> None:
    group = simulated(**STRIP, **SMALL, sky=ONE_SOURCE, corruption=PERFECT)
    shuffled = group["files"][2:] + group["files"][:2]

    result = convert(run, shuffled, **FULL_WIDTH)

    ms, summary = result["paths"]["ms"], result["summary"]["ms"]
    freq_hz = column(ms, "CHAN_FREQ", "SPECTRAL_WINDOW")
    assert freq_hz.shape == (1, 32) and np.diff(freq_hz[0]) == pytest.approx(1464843.75)
    assert freq_hz[0, -1] == pytest.approx(h5py.File(group["files"][0])["Header/freq_array"][0])
    truth = group["truth"]["groups"][0]
    for name in ("PHASE_DIR", "REFERENCE_DIR", "DELAY_DIR"):
        direction = np.rad2deg(column(ms, name, "FIELD"))[0, 0] % 360
        assert separation_rad(*direction, truth["phase_ra_deg"], truth["phase_dec_deg"]) < 1e-9
        with table(f"{ms}::FIELD", ack=False) as fields:
            assert fields.getcolkeyword(name, "MEASINFO")["Ref"] == "ICRS"
    assert summary["group_id"] == "2026-01-25T22:26:05" == Path(ms).stem
    assert summary["pointing_dec_deg"] == pytest.approx(16.15, abs=1e-9)
    assert (summary["start_mjd"], summary["end_mjd"]) == pytest.approx((truth["start_mjd"], truth["end_mjd"]), abs=1e-9)
    assert (summary["n_rows"], summary["n_times"], summary["n_baselines"]) == (126, 6, 21)


def test_subtables_hold_the_array_as_it_is(run: StageRun, simulated: StageRun) -> None:
    group = simulated(**STRIP, **SMALL, sky=ONE_SOURCE, corruption=PERFECT, layout="old")

    ms = convert(run, group["files"])["paths"]["ms"]

    with table(f"{ms}::OBSERVATION", ack=False) as observation:
        assert observation.getcol("TELESCOPE_NAME") == ["DSA_110"]
        start_s, end_s = observation.getcell("TIME_RANGE", 0)
        assert end_s - start_s == pytest.approx(6 * 12.884902)
    with table(f"{ms}::ANTENNA", ack=False) as antennas:
        names = antennas.getcol("NAME")
        assert antennas.getcol("MOUNT") == ["ALT-AZ"] * 6
        assert antennas.getcol("DISH_DIAMETER").tolist() == [4.65] * 6
        position_m = antennas.getcol("POSITION")
    stations = load_stations()
    expected_m = [stations.itrf_m[stations.name.index(name)] for name in names]
    assert position_m == pytest.approx(np.array(expected_m), abs=1e-3)
    assert column(ms, "CORR_TYPE", "POLARIZATION").tolist() == [[9, 12]]
    assert column(ms, "ANTENNA1").max() < 6 and (column(ms, "ANTENNA1") <= column(ms, "ANTENNA2")).all()
    for subtable in ("STATE", "PROCESSOR", "HISTORY", "SOURCE", "DATA_DESCRIPTION", "FEED"):
        with table(f"{ms}::{subtable}", ack=False) as tab:
            assert tab.nrows() == (6 if subtable == "FEED" else 1)


def test_the_source_has_its_flux_and_no_phase_at_its_own_place(run: StageRun, simulated: StageRun) -> None:
    group = simulated(**STRIP, **SMALL, sky=ONE_SOURCE, corruption=PERFECT)
    ms = convert(run, group["files"], **FULL_WIDTH)["paths"]["ms"]
    freq_hz = column(ms, "CHAN_FREQ", "SPECTRAL_WINDOW")[0]
    mjd_utc = np.unique(column(ms, "TIME")) / 86_400
    flux = 2.0 * (freq_hz / 1.4e9) ** -0.7 * beam_towards(343.3, 16.6, mjd_utc, freq_hz, 16.15, 4.65)

    data = column(ms, "DATA").reshape(6, 21, 32, 2)

    assert np.abs(data) == pytest.approx(np.broadcast_to(flux[:, None, :, None], data.shape), rel=1e-4)
    ra, dec = np.deg2rad([343.3, 16.6])
    ra0, dec0 = column(ms, "PHASE_DIR", "FIELD")[0, 0]
    east = np.cos(dec) * np.sin(ra - ra0)
    north = np.sin(dec) * np.cos(dec0) - np.cos(dec) * np.sin(dec0) * np.cos(ra - ra0)
    path_m = column(ms, "UVW") @ [east, north, np.sqrt(1 - east**2 - north**2) - 1]
    model = np.exp(2j * np.pi * path_m[:, None] * freq_hz / 299_792_458)
    # Annual aberration over 0.7 degrees: a tenth of an arcsecond, 1e-3 turns on the longest baseline.
    assert np.abs(np.angle(data.reshape(126, 32, 2)[..., 0] / model)).max() < 0.05


def test_uvw_and_data_follow_the_lower_antenna_first(run: StageRun, simulated: StageRun, tmp_path: Path) -> None:
    """Files may give a baseline either way round; the measurement set is the same."""
    group = simulated(**STRIP, **SMALL, sky=ONE_SOURCE, corruption=PERFECT)
    usual = convert(run, group["files"], **FULL_WIDTH)["paths"]["ms"]
    turned_files = []
    for name in group["files"]:
        copy = tmp_path / Path(name).name
        shutil.copy(name, copy)
        turned_files.append(copy)

        def turn(file: h5py.File) -> None:
            header, data = file["Header"], file["Data/visdata"]
            first, second = header["ant_1_array"][()], header["ant_2_array"][()]
            swap = np.arange(first.size) % 3 == 0
            header["ant_1_array"][...] = np.where(swap, second, first)
            header["ant_2_array"][...] = np.where(swap, first, second)
            data[...] = np.where(swap[:, None, None], data[()].conj(), data[()])

        edit(copy, turn)

    turned = convert(run, turned_files, **FULL_WIDTH)["paths"]["ms"]

    for name in ("ANTENNA1", "ANTENNA2", "UVW", "TIME"):
        assert np.array_equal(column(usual, name), column(turned, name))
    assert np.abs(column(usual, "DATA") - column(turned, "DATA")).max() < 1e-5


def test_rows_in_any_order_are_sorted_by_time(run: StageRun, tiny_group: list[Path]) -> None:
    usual = convert(run, tiny_group)["paths"]["ms"]

    def baselines_first(file: h5py.File) -> None:
        n_blts = int(file["Header/Nblts"][()])
        order = np.arange(n_blts).reshape(4, -1).T.ravel()
        for name in ("time_array", "integration_time", "lst_array", "ant_1_array", "ant_2_array", "uvw_array"):
            file["Header"][name][...] = file["Header"][name][()][order]
        for name in ("visdata", "flags", "nsamples"):
            file["Data"][name][...] = file["Data"][name][()][order]

    for path in tiny_group:
        edit(path, baselines_first)
    turned = convert(run, tiny_group)["paths"]["ms"]

    for name in ("TIME", "ANTENNA1", "ANTENNA2", "UVW", "DATA"):
        assert np.array_equal(column(usual, name), column(turned, name))


@pytest.mark.parametrize("kind", ["float", "int"])
def test_visibilities_as_pairs_of_numbers(run: StageRun, tiny_group: list[Path], kind: str) -> None:
    def whole(file: h5py.File) -> None:
        file["Data/visdata"][...] = np.round(file["Data/visdata"][()])

    def as_pairs(file: h5py.File) -> None:
        values = file["Data/visdata"][()]
        part = np.float32 if kind == "float" else np.int32
        pairs = np.zeros(values.shape, dtype=[("r", part), ("i", part)])
        pairs["r"], pairs["i"] = values.real, values.imag
        replace(file, "Data/visdata", pairs)

    for path in tiny_group:
        edit(path, whole)
    usual = column(convert(run, tiny_group)["paths"]["ms"], "DATA")
    for path in tiny_group:
        edit(path, as_pairs)

    assert np.array_equal(column(convert(run, tiny_group)["paths"]["ms"], "DATA"), usual)


def test_averaging_is_the_weighted_mean_of_what_is_not_flagged(
    run: StageRun, simulated: StageRun, tmp_path: Path
) -> None:
    group = simulated(**STRIP, **SMALL, sky=ONE_SOURCE)
    rng = np.random.default_rng(3)
    files = []
    for name in group["files"]:
        copy = tmp_path / Path(name).name
        shutil.copy(name, copy)
        files.append(copy)

        def spoil(file: h5py.File) -> None:
            shape = file["Data/flags"].shape
            file["Data/flags"][...] = rng.uniform(size=shape) < 0.3
            file["Data/nsamples"][...] = rng.uniform(0.5, 1, shape)
            values = file["Data/visdata"][()]
            values[rng.uniform(size=shape) < 0.05] = 0
            values[rng.uniform(size=shape) < 0.05] = np.nan
            file["Data/visdata"][...] = values

        edit(copy, spoil)
    whole = convert(run, files, **FULL_WIDTH)["paths"]["ms"]
    data, flags, weights = (column(whole, name) for name in ("DATA", "FLAG", "WEIGHT_SPECTRUM"))
    weights = np.where(flags | (data == 0), 0, weights).reshape(2, 3, 21, 16, 2, 2)
    data = data.reshape(2, 3, 21, 16, 2, 2)
    expected_weight = weights.sum(axis=(1, 4)).reshape(42, 16, 2)
    expected = (data * weights).sum(axis=(1, 4)).reshape(42, 16, 2) / np.maximum(expected_weight, 1e-9)

    result = convert(run, files, max_channel_width_hz=2.93e6, max_integration_s=39.0)

    ms = result["paths"]["ms"]
    assert (result["summary"]["channels_averaged"], result["summary"]["integrations_averaged"]) == (2, 3)
    assert result["summary"]["nonfinite_fraction"] == pytest.approx(0.05, abs=0.01)
    assert np.array_equal(column(ms, "FLAG"), expected_weight == 0)
    assert column(ms, "WEIGHT_SPECTRUM") == pytest.approx(expected_weight, rel=1e-5)
    assert np.abs(column(ms, "DATA") - expected).max() < 1e-5 * np.abs(expected).max()
    assert np.unique(column(ms, "INTERVAL")) == pytest.approx(3 * 12.884902)
    assert np.diff(np.unique(column(ms, "TIME"))) == pytest.approx(3 * 12.884902)
    assert column(ms, "CHAN_WIDTH", "SPECTRAL_WINDOW")[0] == pytest.approx(2 * 1464843.75)


def test_eight_real_channels_are_averaged_by_default(run: StageRun, simulated: StageRun) -> None:
    group = simulated(**STRIP, **{**SMALL, "n_subbands": 2, "channels_per_subband": 48}, sky=ONE_SOURCE)

    summary = convert(run, group["files"])["summary"]

    assert summary["channels_averaged"] == 8
    assert (summary["ms"]["n_channels"], summary["ms"]["channel_width_hz"]) == (12, 1953125.0)


def test_a_single_file_is_averaged_only_if_asked(run: StageRun, simulated: StageRun) -> None:
    group = simulated(**STRIP, **{**SMALL, "n_subbands": 2, "channels_per_subband": 48}, sky=ONE_SOURCE)

    factors = [
        convert(run, group["files"][:1], **asked)["summary"]["channels_averaged"]
        for asked in ({}, {"max_channel_width_hz": 1.95e6})
    ]

    assert factors == [1, 8]


def test_weights_follow_samples_and_flagged_rows_are_flagged(run: StageRun, tiny_group: list[Path]) -> None:
    def spoil(file: h5py.File) -> None:
        file["Data/nsamples"][...] = 0.25
        file["Data/flags"][3] = True

    for path in tiny_group:
        edit(path, spoil)

    ms = convert(run, tiny_group)["paths"]["ms"]

    row_flags = column(ms, "FLAG_ROW")
    assert row_flags[3] and row_flags.sum() == 1
    good = ~row_flags
    assert (column(ms, "WEIGHT")[good] == 0.25).all() and (column(ms, "SIGMA")[good] == 2.0).all()


def test_missing_subbands_are_flagged_over_the_whole_band(run: StageRun, simulated: StageRun) -> None:
    group = simulated(**STRIP, **SMALL, sky=ONE_SOURCE, corruption=PERFECT)
    whole = convert(run, group["files"], **FULL_WIDTH)["paths"]["ms"]

    result = convert(run, group["files"][1:3], expected_subbands=4, **FULL_WIDTH)

    ms, flags = result["paths"]["ms"], column(result["paths"]["ms"], "FLAG")
    assert np.array_equal(column(ms, "CHAN_FREQ", "SPECTRAL_WINDOW"), column(whole, "CHAN_FREQ", "SPECTRAL_WINDOW"))
    assert flags[:, :8].all() and flags[:, 24:].all() and not flags[:, 8:24].any()
    assert np.array_equal(column(ms, "DATA")[:, 8:24], column(whole, "DATA")[:, 8:24])
    assert (column(ms, "WEIGHT") == 1).all()
    assert result["summary"]["ms"]["missing_subbands"] == [0, 3]
    assert result["summary"]["ms"]["flagged_fraction"] == 0.5
    assert any("sb00, sb03" in warning for warning in result["warnings"])


def test_a_hole_in_the_band_is_filled_even_if_nobody_said_how_many(run: StageRun, simulated: StageRun) -> None:
    group = simulated(**STRIP, **SMALL, sky=ONE_SOURCE, corruption=PERFECT)

    summary = convert(run, [group["files"][0], group["files"][2]], **FULL_WIDTH)["summary"]["ms"]

    assert (summary["n_channels"], summary["missing_subbands"]) == (24, [1])


def test_delays_are_removed_before_averaging(run: StageRun, simulated: StageRun) -> None:
    """A delay of 200 ns would cost most of the amplitude of 2 MHz channels."""
    spec = {**STRIP, **SMALL, "n_subbands": 1, "channels_per_subband": 48, "sky": ONE_SOURCE, "corruption": PERFECT}
    group = simulated(**spec)
    names = [load_stations().name[number - 1] for number in np.load(group["paths"]["gains"])["station_numbers"]]
    delayed = Path(run("simulate", **spec)["paths"]["incoming"]) / Path(group["files"][0]).name
    delay_s = np.array([200e-9, 0, 0, 0, 0, 0])

    def add_delay(file: h5py.File) -> None:
        index = np.searchsorted(np.unique(file["Header/ant_1_array"][()]), file["Header/ant_1_array"][()])
        other = np.searchsorted(np.unique(file["Header/ant_1_array"][()]), file["Header/ant_2_array"][()])
        turns = (delay_s[other] - delay_s[index])[:, None] * (file["Header/freq_array"][()] - 1.4928e9)
        file["Data/visdata"][...] = file["Data/visdata"][()] * np.exp(2j * np.pi * turns)[..., None]

    edit(delayed, add_delay)
    averaged = {"max_channel_width_hz": 1.95e6}
    usual = np.abs(column(convert(run, group["files"], **averaged)["paths"]["ms"], "DATA"))

    kept = np.abs(column(convert(run, [delayed], **averaged)["paths"]["ms"], "DATA"))
    removed = np.abs(
        column(convert(run, [delayed], remove_delays_ns={names[0]: 200.0}, **averaged)["paths"]["ms"], "DATA")
    )

    assert np.abs(kept / usual - 1).max() > 0.2
    assert np.abs(removed / usual - 1).max() < 1e-4


def test_clipping_comes_before_averaging(run: StageRun, tiny_group: list[Path]) -> None:
    for path in tiny_group:
        edit(path, lambda file: file["Data/visdata"].__setitem__((2, 0, 0), 1e9))

    flags = column(convert(run, tiny_group, clip_jy=1e8)["paths"]["ms"], "FLAG")

    assert flags[2, :, 0].sum() == 3 and flags.sum() == 3


def test_the_same_files_give_the_same_bytes(run: StageRun, tiny_group: list[Path]) -> None:
    hashes = {convert(run, tiny_group)["outputs"][0]["sha256"] for _ in range(4)}

    assert len(hashes) == 1


def test_validation_reads_everything_and_writes_nothing(run: StageRun, tiny_group: list[Path]) -> None:
    written = convert(run, tiny_group)["summary"]

    checked = convert(run, tiny_group, validate_only=True)

    assert checked["outputs"] == [] and not list(checked["workdir"].glob("*.ms"))
    for name, value in written["ms"].items():
        assert checked["summary"]["ms"][name] == (pytest.approx(value, abs=1e-9) if isinstance(value, float) else value)


def truncate(path: Path) -> None:
    with path.open("r+b") as handle:
        handle.truncate(path.stat().st_size * 2 // 3)


def truncated_chunk(path: Path) -> None:
    """A compressed file that opens, but whose visibilities cannot be read."""
    with h5py.File(path, "r+") as file:
        values = file["Data/visdata"][()]
        del file["Data/visdata"]
        chunked = file.create_dataset("Data/visdata", data=values, chunks=values.shape, compression="gzip")
        offset = chunked.id.get_chunk_info(0).byte_offset
    with path.open("r+b") as handle:
        handle.seek(offset)
        handle.write(b"\0" * 64)


def field(name: str, value: Any) -> Callable[[Path], None]:
    return lambda path: edit(path, lambda file: replace(file, name, value))


def without(name: str) -> Callable[[Path], None]:
    return lambda path: edit(path, lambda file: file.__delitem__(name))


def shift(name: str, step: float) -> Callable[[Path], None]:
    return lambda path: edit(path, lambda file: file[name].__setitem__(..., file[name][()] + step))


def fill(name: str, value: Any) -> Callable[[Path], None]:
    return lambda path: edit(path, lambda file: file[name].__setitem__(..., value))


DAMAGE: dict[str, tuple[Callable[[Path], Any], str, str]] = {
    "missing": (Path.unlink, "FILE_MISSING", "_sb01"),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "FILE_UNREADABLE", "_sb01"),
    "empty": (lambda path: path.write_bytes(b""), "FILE_EMPTY", "_sb01"),
    "text": (lambda path: path.write_text("no data"), "FILE_NOT_HDF5", "_sb01"),
    "truncated": (truncate, "FILE_TRUNCATED", "_sb01"),
    "damaged chunk": (truncated_chunk, "FILE_TRUNCATED", "_sb01"),
    "foreign": (without("Data"), "FILE_FOREIGN", "Header and Data"),
    "no visdata": (without("Data/visdata"), "HEADER_FIELD_MISSING", "Data/visdata"),
    "no freq_array": (without("Header/freq_array"), "HEADER_FIELD_MISSING", "Header/freq_array"),
    "no time_array": (without("Header/time_array"), "HEADER_FIELD_MISSING", "Header/time_array"),
    "no declination": (
        without("Header/extra_keywords/phase_center_dec"),
        "HEADER_FIELD_MISSING",
        "extra_keywords/phase_center_dec",
    ),
    "NaN declination": (fill("Header/extra_keywords/phase_center_dec", np.nan), "HEADER_FIELD_INVALID", "NaN"),
    "declination in degrees": (
        fill("Header/extra_keywords/phase_center_dec", 16.15),
        "HEADER_FIELD_INVALID",
        "phase_center_dec",
    ),
    "NaN times": (fill("Header/time_array", np.nan), "HEADER_FIELD_INVALID", "Header/time_array"),
    "times in MJD": (fill("Header/time_array", 61065.0), "HEADER_FIELD_INVALID", "Julian"),
    "NaN frequencies": (fill("Header/freq_array", np.nan), "HEADER_FIELD_INVALID", "Header/freq_array"),
    "one frequency": (fill("Header/freq_array", 1.4e9), "HEADER_FIELD_INVALID", "Header/freq_array"),
    "wrong width": (fill("Header/channel_width", 1.0), "HEADER_FIELD_INVALID", "Header/channel_width"),
    "text for a number": (field("Header/Nblts", "many"), "HEADER_FIELD_INVALID", "Header/Nblts"),
    "wrong Nblts": (fill("Header/Nblts", 7), "SHAPE_MISMATCH", "time_array"),
    "wrong Ntimes": (fill("Header/Ntimes", 9), "SHAPE_MISMATCH", "Header/Ntimes"),
    "wrong shape": (field("Data/flags", np.zeros((40, 3, 2), bool)), "SHAPE_MISMATCH", "Data/flags"),
    "real visibilities": (field("Data/visdata", np.zeros((40, 2, 2))), "HEADER_FIELD_INVALID", "Data/visdata"),
    "unknown antenna": (fill("Header/ant_1_array", 500), "HEADER_FIELD_INVALID", "ant_1_array"),
    "unknown polarisation": (fill("Header/polarization_array", -9), "HEADER_FIELD_INVALID", "polarization_array"),
    "all NaN": (fill("Data/visdata", np.nan), "DATA_NOT_FINITE", "Data/visdata"),
    "another declination": (
        fill("Header/extra_keywords/phase_center_dec", 0.5),
        "GROUP_DECLINATIONS_DIFFER",
        "pointing_dec_rad",
    ),
    "other times": (
        shift("Header/time_array", 1e-5),
        "GROUP_TIMES_DIFFER",
        "times differ by 0.864 s",
    ),
    "other antennas": (
        lambda path: edit(path, lambda file: file["Header/antenna_positions"].__setitem__((0, 0), 1e3)),
        "GROUP_ANTENNAS_DIFFER",
        "antennas",
    ),
    "channels off the grid": (
        shift("Header/freq_array", 1e6),
        "GROUP_CHANNELS_INVALID",
        "off the grid",
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_bad_file_is_named_with_its_field_and_nothing_is_left(
    run: StageRun, tiny_group: list[Path], damage: str
) -> None:
    spoil, code, word = DAMAGE[damage]
    spoil(tiny_group[1])

    failure = convert(run, tiny_group)

    assert (failure["exit_code"], failure["code"]) == (2, code), failure["message"]
    assert word in failure["message"] and "_sb01" in failure["message"]
    assert "_sb01" in failure["context"]["file"]
    assert not (failure["workdir"] / "result.json").exists()


def test_a_subband_that_comes_twice_is_refused(run: StageRun, tiny_group: list[Path]) -> None:
    again = tiny_group[0].with_name("2026-01-25T22:26:09_sb00.hdf5")
    shutil.copy(tiny_group[0], again)
    failure = convert(run, [*tiny_group, again])
    assert failure["code"] == "GROUP_SUBBAND_DOUBLED" and "sb00" in failure["message"]

    renamed = again.rename(again.with_name("2026-01-25T22:26:09_sb07.hdf5"))
    failure = convert(run, [*tiny_group, renamed])
    assert failure["code"] == "GROUP_SUBBAND_DOUBLED" and "same channels" in failure["message"]


def test_names_that_contradict_the_frequencies_are_refused(run: StageRun, tiny_group: list[Path]) -> None:
    spare = tiny_group[0].with_name("spare")
    tiny_group[0].rename(spare)
    moved = tiny_group[2].rename(tiny_group[0])
    spare.rename(tiny_group[2])

    failure = convert(run, [moved, tiny_group[1], tiny_group[2]], expected_subbands=3)

    assert failure["code"] == "GROUP_CHANNELS_INVALID" and "sb00 is the highest" in failure["message"]


def test_too_few_subbands_are_refused(run: StageRun, tiny_group: list[Path]) -> None:
    failure = convert(run, tiny_group[:1], expected_subbands=3, min_subbands=2)

    assert failure["code"] == "GROUP_INCOMPLETE" and "sb01, sb02" in failure["message"]


def test_a_group_without_any_good_visibility_is_refused(run: StageRun, tiny_group: list[Path]) -> None:
    for path in tiny_group:
        edit(path, lambda file: file["Data/flags"].__setitem__(..., True))

    assert convert(run, tiny_group)["code"] == "DATA_ALL_FLAGGED"


def test_scattered_nan_is_flagged_and_said(run: StageRun, tiny_group: list[Path]) -> None:
    edit(tiny_group[0], lambda file: file["Data/visdata"].__setitem__((5, 1, 0), np.nan))

    result = convert(run, tiny_group, **FULL_WIDTH)

    flags, data = (column(result["paths"]["ms"], name) for name in ("FLAG", "DATA"))
    assert flags.sum() == 1 and np.isfinite(data).all()
    assert any("_sb00" in warning and "NaN" in warning for warning in result["warnings"])


def test_a_delay_of_an_unknown_antenna_is_refused(run: StageRun, tiny_group: list[Path]) -> None:
    failure = convert(run, tiny_group, remove_delays_ns={"DSA-999": 50.0})

    assert failure["code"] == "SPEC_INVALID" and "DSA-999" in failure["message"]


def test_impossible_sample_counts_of_a_real_file_count_as_one(run: StageRun) -> None:
    (path,) = (FIXTURES / "uvh5").glob("ata*")

    result = convert(run, [path], **FULL_WIDTH)

    assert (column(result["paths"]["ms"], "WEIGHT_SPECTRUM") == 1).all()
    assert any("nsamples" in warning for warning in result["warnings"])


def test_a_file_of_the_array_that_says_it_is_phased_is_taken_at_its_word(run: StageRun, tiny_group: list[Path]) -> None:
    def rephase(file: h5py.File) -> None:
        del file["Header/extra_keywords"]
        replace(file, "Header/phase_type", b"phased")
        file["Header/phase_center_ra"], file["Header/phase_center_dec"] = np.deg2rad([344.0, 16.0])

    for path in tiny_group:
        edit(path, rephase)

    ms = convert(run, tiny_group)["paths"]["ms"]

    assert np.rad2deg(column(ms, "PHASE_DIR", "FIELD")[0, 0]) == pytest.approx([344.0, 16.0])
    with h5py.File(tiny_group[0]) as file:
        assert column(ms, "UVW") == pytest.approx(-file["Header/uvw_array"][()])


def test_a_file_of_the_array_without_declination_is_no_zenith_drift(run: StageRun, tiny_group: list[Path]) -> None:
    for path in tiny_group:
        edit(path, lambda file: file.__delitem__("Header/extra_keywords"))

    failure = convert(run, tiny_group)

    assert failure["code"] == "HEADER_FIELD_MISSING" and "phase_center_dec" in failure["message"]


def test_stations_named_by_bare_numbers_get_their_names(run: StageRun, tiny_group: list[Path]) -> None:
    usual = convert(run, tiny_group)["paths"]["ms"]
    numbers = np.array([str(number) for number in range(1, 118)], dtype="S")
    for path in tiny_group:
        field("Header/antenna_names", numbers)(path)
        edit(
            path, lambda file: [shift_by_one(file, name) for name in ("antenna_numbers", "ant_1_array", "ant_2_array")]
        )

    ms = convert(run, tiny_group)["paths"]["ms"]

    for subtable, name in (("ANTENNA", "POSITION"), ("", "ANTENNA1"), ("", "UVW"), ("", "DATA")):
        assert np.array_equal(column(ms, name, subtable), column(usual, name, subtable))
    with table(f"{ms}::ANTENNA", ack=False) as new, table(f"{usual}::ANTENNA", ack=False) as old:
        assert new.getcol("NAME") == old.getcol("NAME")


def shift_by_one(file: h5py.File, name: str) -> None:
    """Number the stations from 1, as some files do."""
    file["Header"][name][...] = file["Header"][name][()] + 1


def test_another_site_in_the_header_is_said_and_not_used(run: StageRun, tiny_group: list[Path]) -> None:
    usual = convert(run, tiny_group)["paths"]["ms"]
    for path in tiny_group:
        fill("Header/longitude", -118.2817)(path)

    result = convert(run, tiny_group)

    assert any("115 m from the T-centre" in warning for warning in result["warnings"])
    assert np.array_equal(column(result["paths"]["ms"], "UVW"), column(usual, "UVW"))


def test_the_meridian_moves_with_the_group(run: StageRun, simulated: StageRun) -> None:
    spec = {**STRIP, "n_groups": 2, "group_spacing_s": 3600.0}
    group = simulated(**spec, **{**SMALL, "n_subbands": 1}, sky=ONE_SOURCE)

    summaries = [convert(run, [path])["summary"]["ms"] for path in group["files"]]

    for summary in summaries:
        expected = meridian_icrs(16.15, summary["mid_mjd"])
        assert separation_rad(summary["phase_ra_deg"], summary["phase_dec_deg"], *expected) < 1e-9
    assert summaries[1]["phase_ra_deg"] - summaries[0]["phase_ra_deg"] == pytest.approx(15.04, abs=0.02)
