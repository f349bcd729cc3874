"""Subband files of a known sky: layout, noise, damage, truth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from conftest import PERFECT, StageRun

from meridian_compute.beam import beam_towards

CALIBRATOR = {"name": "3C286", "ra_deg": 202.784533, "dec_deg": 30.509155, "flux_jy": 15.0}
SMALL = {"n_antennas": 8, "n_subbands": 2, "channels_per_subband": 3, "n_integrations": 4}
STRIP = {"start_utc": "2026-01-25T22:26:05", "pointing_dec_deg": 16.15, "n_groups": 1, "sky": {"min_flux_jy": 1.0}}

#: Every dataset of a new file with 8 antennas, 3 channels and 4 integrations: type and shape.
LAYOUT = {
    "Data/visdata": ("complex64", (144, 3, 2)),
    "Data/flags": ("bool", (144, 3, 2)),
    "Data/nsamples": ("float32", (144, 3, 2)),
    "Header/Nblts": ("int64", ()),
    "Header/Nbls": ("int64", ()),
    "Header/Ntimes": ("int64", ()),
    "Header/Nfreqs": ("int64", ()),
    "Header/Npols": ("int64", ()),
    "Header/Nspws": ("int64", ()),
    "Header/Nants_data": ("int64", ()),
    "Header/Nants_telescope": ("int64", ()),
    "Header/time_array": ("float64", (144,)),
    "Header/integration_time": ("float64", (144,)),
    "Header/lst_array": ("float64", (144,)),
    "Header/ant_1_array": ("int32", (144,)),
    "Header/ant_2_array": ("int32", (144,)),
    "Header/antenna_numbers": ("int32", (117,)),
    "Header/antenna_names": ("|S7", (117,)),
    "Header/antenna_positions": ("float64", (117, 3)),
    "Header/antenna_diameters": ("float64", (117,)),
    "Header/uvw_array": ("float32", (144, 3)),
    "Header/freq_array": ("float64", (3,)),
    "Header/channel_width": ("float64", ()),
    "Header/polarization_array": ("int64", (2,)),
    "Header/spw_array": ("int64", (1,)),
    "Header/latitude": ("float64", ()),
    "Header/longitude": ("float64", ()),
    "Header/altitude": ("float64", ()),
    "Header/telescope_name": ("|S7", ()),
    "Header/instrument": ("|S3", ()),
    "Header/object_name": ("|S14", ()),
    "Header/history": ("|S17", ()),
    "Header/phase_type": ("|S5", ()),
    "Header/extra_keywords/phase_center_dec": ("float64", ()),
    "Header/extra_keywords/ha_phase_center": ("float64", ()),
    "Header/extra_keywords/phase_center_epoch": ("|S5", ()),
    "Header/extra_keywords/applied_delays_ns": ("|S467", ()),
}


def datasets(path: str) -> dict[str, tuple[str, tuple[int, ...]]]:
    found = {}
    with h5py.File(path) as file:

        def note(name: str, item: Any) -> None:
            if isinstance(item, h5py.Dataset):
                found[name] = (str(item.dtype), item.shape)

        file.visititems(note)
    return found


def visibilities(path: str) -> np.ndarray:
    with h5py.File(path) as file:
        return file["Data/visdata"][()]


def test_every_field_of_the_layout_is_there_and_no_other(simulated: StageRun) -> None:
    result = simulated(**STRIP, **SMALL)

    assert datasets(result["files"][0]) == LAYOUT


def test_values_of_the_layout(simulated: StageRun) -> None:
    result = simulated(**STRIP, **{**SMALL, "channels_per_subband": 48})

    top, second = (h5py.File(path)["Header"] for path in result["files"])
    assert [Path(path).name[-10:] for path in result["files"]] == ["_sb00.hdf5", "_sb01.hdf5"]
    assert top["freq_array"][0] == pytest.approx(1498.643188e6, abs=1)
    assert np.diff(top["freq_array"][()]) == pytest.approx(-244140.625)
    assert top["channel_width"][()] == -244140.625
    assert second["freq_array"][0] == pytest.approx(top["freq_array"][-1] - 244140.625)
    assert top["polarization_array"][()].tolist() == [-5, -6]
    assert (top["latitude"][()], top["longitude"][()], top["altitude"][()]) == pytest.approx(
        (37.23340512, -118.2830, 1188.05), abs=1e-7
    )
    assert top["telescope_name"][()] == b"DSA_110" and top["phase_type"][()] == b"drift"
    assert top["extra_keywords/phase_center_epoch"][()] == b"HADEC"
    assert np.rad2deg(top["extra_keywords/phase_center_dec"][()]) == pytest.approx(16.15)
    assert len(top["extra_keywords/applied_delays_ns"][()].split()) == 2 * 117
    times = top["time_array"][()].reshape(4, 36)
    assert (times == times[:, :1]).all() and np.diff(times[:, 0]) * 86_400 == pytest.approx(12.884902, abs=1e-4)
    assert (times[0, 0] - 2_400_000.5 - 61065) * 86_400 == pytest.approx(80765.25 + 6.442451, abs=1e-3)


def test_the_full_array_has_the_dimensions_of_a_real_file(simulated: StageRun) -> None:
    spec = {**STRIP, "n_subbands": 1, "channels_per_subband": 1, "n_integrations": 24, "corruption": PERFECT}
    header = h5py.File(simulated(**spec)["files"][0])["Header"]

    counts = {name: int(header[name][()]) for name in ("Nblts", "Nbls", "Ntimes", "Nants_data", "Nants_telescope")}
    assert counts == {"Nblts": 111744, "Nbls": 4656, "Ntimes": 24, "Nants_data": 96, "Nants_telescope": 117}
    uvw = header["uvw_array"][()]
    assert np.linalg.norm(uvw, axis=1).max() == pytest.approx(2601.63, abs=0.1)
    assert np.array_equal(uvw[:4656], uvw[-4656:])


def test_the_older_layout(simulated: StageRun) -> None:
    path = simulated(**STRIP, **SMALL, layout="old")["files"][0]

    with h5py.File(path) as file:
        assert file["Data/visdata"].shape == (144, 1, 3, 2) == file["Data/flags"].shape
        assert file["Header/freq_array"].shape == (1, 3)
        assert file["Header/telescope_name"][()] == b"OVRO_MMA"


def test_the_same_seed_gives_the_same_files_and_another_seed_others(run: StageRun) -> None:
    outputs = [run("simulate", **STRIP, **SMALL, seed=seed)["outputs"] for seed in (5, 5, 6)]

    hashes = [{output["role"]: output["sha256"] for output in files} for files in outputs]
    assert hashes[0] == hashes[1]
    assert hashes[0]["incoming"] != hashes[2]["incoming"]


def test_noise_is_the_sefd_over_the_root_of_twice_bandwidth_and_time(simulated: StageRun) -> None:
    quiet = {"catalog": "none", "extra_sources": [{"name": "faint", "ra_deg": 344.0, "dec_deg": 16.0, "flux_jy": 1e-6}]}
    spec = {**STRIP, "sky": quiet, "corruption": {**PERFECT, "noise": True}, "n_antennas": 24, "n_subbands": 1}
    path = simulated(**spec)["files"][0]
    with h5py.File(path) as file:
        autos = file["Header/ant_1_array"][()] == file["Header/ant_2_array"][()]
    values = visibilities(path)
    expected_jy = 6500 / np.sqrt(2 * 244140.625 * 12.884902)

    cross = values[~autos]

    assert cross.real.std() == pytest.approx(expected_jy, rel=5e-3)
    assert cross.imag.std() == pytest.approx(expected_jy, rel=5e-3)
    assert values[autos].imag.max() == 0
    assert values[autos].real.mean() == pytest.approx(6500, rel=1e-3)
    # A full tile: 4560 baselines, 768 channels, 24 integrations, two polarisations.
    assert cross.real.std() / np.sqrt(4560 * 768 * 24 * 2) == pytest.approx(0.20e-3, rel=0.02)


def test_one_source_makes_fringes_of_its_flux_through_the_beam(simulated: StageRun) -> None:
    source = {"name": "one", "ra_deg": 343.3, "dec_deg": 16.6, "flux_jy": 2.0}
    sky = {"catalog": "none", "extra_sources": [source]}
    result = simulated(**{**STRIP, "sky": sky}, **SMALL, corruption=PERFECT)
    with h5py.File(result["files"][0]) as file:
        times, freq_hz = np.unique(file["Header/time_array"][()]) - 2_400_000.5, file["Header/freq_array"][()]
    power = beam_towards(343.3, 16.6, times, freq_hz, 16.15, 4.65)
    expected = np.repeat(2.0 * (freq_hz / 1.4e9) ** -0.7 * power, 36, axis=0)

    values = visibilities(result["files"][0])

    assert np.abs(values[..., 0]) == pytest.approx(expected, rel=1e-4)
    assert np.array_equal(values[..., 0], values[..., 1])


def test_truth_holds_the_calibrator_once_and_fluxes_at_the_effective_frequency(simulated: StageRun) -> None:
    near = {"calibrator": CALIBRATOR, "near_utc": "2026-01-25T12:00:00", "n_groups": 3, "sky": {"min_flux_jy": 0.3}}
    result = simulated(**near, **SMALL)
    truth = result["truth"]

    assert result["summary"]["transit_utc"].startswith("2026-01-25T13:06:0")
    assert truth["groups"][1]["mid_mjd"] == pytest.approx(truth["transit_mjd"], abs=1e-9)
    assert [group["group_id"] for group in truth["groups"]] == result["summary"]["group_ids"]
    first = truth["sources"][0]
    assert first["name"] == "3C286"
    assert first["flux_jy"] == pytest.approx(15 * (truth["nu_eff_hz"] / 1.4e9) ** -0.7)
    assert first["apparent_flux_jy"][1] == max(first["apparent_flux_jy"])
    others = [(s["ra_deg"], s["dec_deg"]) for s in truth["sources"][1:]]
    assert len(others) > 10
    assert np.hypot(*(np.array(others) - (202.784533, 30.509155)).T).min() > 0.01


def test_missing_subbands_move_the_groups_effective_frequency(simulated: StageRun) -> None:
    result = simulated(**STRIP, **SMALL, damage={"missing_subbands": {"0": [0]}})

    assert [Path(path).name[-10:] for path in result["files"]] == ["_sb01.hdf5"]
    group = result["truth"]["groups"][0]
    assert group["missing_subbands"] == [0]
    with h5py.File(result["files"][0]) as file:
        assert group["nu_eff_hz"] == pytest.approx(file["Header/freq_array"][()].mean())


def test_planted_gains_are_those_in_the_data(simulated: StageRun) -> None:
    """V observed is conj(g1) g2 V perfect in a raw file: g1 conj(g2) in a measurement set."""
    perfect = simulated(**STRIP, **SMALL, corruption=PERFECT)
    spoiled = simulated(**STRIP, **SMALL, corruption={"noise": False})
    planted = np.load(spoiled["paths"]["gains"])
    with h5py.File(spoiled["files"][0]) as file:
        freq_hz = file["Header/freq_array"][()]
    channels = [int(np.argmin(np.abs(planted["freq_hz"] - freq))) for freq in freq_hz]
    delay = np.exp(2j * np.pi * planted["delay_ns"][..., None] * 1e-9 * (freq_hz - planted["reference_hz"]))
    static = planted["gain"][..., None] * planted["bandpass"][..., channels] * delay
    gains = static[:, :, None, :] * planted["drift"][0][..., None]
    first, second = np.triu_indices(8)

    ratio = visibilities(spoiled["files"][0]) / visibilities(perfect["files"][0])

    expected = (gains[first].conj() * gains[second]).transpose(2, 0, 3, 1).reshape(144, 3, 2)
    assert np.abs(ratio / expected - 1).max() < 1e-3
    assert np.abs(planted["delay_ns"]).max() <= 15


def test_gain_drift_has_the_rate_asked_for(simulated: StageRun) -> None:
    spec = {**STRIP, "n_groups": 60, "group_spacing_s": 310.0}
    tiny = {"n_antennas": 20, "n_subbands": 1, "channels_per_subband": 1, "n_integrations": 2, "integration_s": 150.0}
    planted = np.load(simulated(**spec, **tiny, corruption={"gain_drift_deg_per_hour": 8.0})["paths"]["gains"])
    phase = np.unwrap(np.angle(np.moveaxis(planted["drift"], 0, -1)[:, :, 0]), axis=-1)
    hours = planted["mjd_utc"][:, 0] * 24

    rate = np.rad2deg(np.diff(phase) / np.diff(hours))

    assert np.sqrt((rate**2).mean()) == pytest.approx(8.0, rel=0.15)
    assert np.abs(np.abs(planted["drift"]) - 1).max() == pytest.approx(0.01, rel=0.1)


def test_dead_antennas_interference_and_broken_files(simulated: StageRun) -> None:
    spec = {**STRIP, **SMALL, "n_subbands": 4, "channels_per_subband": 8, "stamp_jitter_s": 0}
    damage = {"truncated_subbands": {"0": [2]}, "empty_subbands": {"0": [3]}}
    clean = simulated(**spec, corruption=PERFECT)
    spoiled = simulated(**spec, corruption={**PERFECT, "dead_antennas": [1], "rfi_fraction": 0.1}, damage=damage)
    with h5py.File(spoiled["files"][0]) as file:
        dead = (file["Header/ant_1_array"][()] == 0) | (file["Header/ant_2_array"][()] == 0)

    values = visibilities(spoiled["files"][0])
    excess = np.abs(values - visibilities(clean["files"][0]))[~dead]

    assert (values[dead] == 0).all() and (values[~dead] != 0).all()
    assert 0.02 < (excess > 20).mean() < 0.3
    assert Path(spoiled["files"][3]).stat().st_size == 0
    with pytest.raises(OSError, match="truncated"):
        h5py.File(spoiled["files"][2])


def test_stamps_of_siblings_differ_by_the_jitter_but_their_data_do_not(simulated: StageRun) -> None:
    result = simulated(**STRIP, **{**SMALL, "n_subbands": 8}, stamp_jitter_s=82)

    stamps = {Path(path).name[:19] for path in result["files"]}
    starts = {h5py.File(path)["Header/time_array"][0] for path in result["files"]}
    assert len(stamps) > 4 and len(starts) == 1
    assert min(stamps) == result["summary"]["group_ids"][0] == "2026-01-25T22:26:05"


def test_smearing_weakens_sources_far_out_on_long_baselines(simulated: StageRun) -> None:
    sky = {"catalog": "none", "extra_sources": [{"name": "far", "ra_deg": 345.0, "dec_deg": 16.9, "flux_jy": 1.0}]}
    spec = {**STRIP, **SMALL, "sky": sky, "station_numbers": [1, 2, 116, 103]}
    sharp = np.abs(visibilities(simulated(**spec, corruption=PERFECT)["files"][0]))

    for kind, least in (("time_smearing", 0.999), ("bandwidth_smearing", 0.9)):
        smeared = np.abs(visibilities(simulated(**spec, corruption={**PERFECT, kind: True})["files"][0]))
        assert (smeared / sharp).min() < least
        assert (smeared / sharp).max() == pytest.approx(1.0, abs=1e-3)


def test_flux_factors_change_the_source_they_name(simulated: StageRun) -> None:
    usual = simulated(**STRIP, **SMALL)["truth"]["sources"]
    name, place = usual[1]["name"], f"{usual[2]['ra_deg']},{usual[2]['dec_deg']}"
    sky = {**STRIP["sky"], "flux_factors": {name: 2.0, place: 0.5}}

    changed = simulated(**{**STRIP, "sky": sky}, **SMALL)["truth"]["sources"]

    ratios = [changed[index]["flux_jy"] / usual[index]["flux_jy"] for index in range(3)]
    assert ratios == pytest.approx([1.0, 2.0, 0.5])


@pytest.mark.parametrize(
    ("change", "code", "word"),
    [
        ({"n_antennas": 97}, "SPEC_INVALID", "n_antennas"),
        ({"station_numbers": [1, 200]}, "SPEC_INVALID", "200"),
        ({"pointing_dec_deg": -60.0}, "CALIBRATOR_BELOW_HORIZON", "horizon"),
        ({"start_utc": None}, "SPEC_INVALID", "start_utc"),
        ({"start_utc": "noon"}, "SPEC_INVALID", "noon"),
        ({"group_spacing_s": 10.0}, "SPEC_INVALID", "group_spacing_s"),
        ({"sky": {"catalog": "none"}}, "SPEC_INVALID", "empty"),
        ({"sky": {"flux_factors": {"nobody": 2.0}}}, "SPEC_INVALID", "nobody"),
        ({"corruption": {"rfi_fraction": 2.0}}, "SPEC_INVALID", "rfi_fraction"),
        ({"n_subbands": 17}, "SPEC_INVALID", "n_subbands"),
    ],
)
def test_impossible_requests_are_refused_with_the_field(
    run: StageRun, change: dict[str, Any], code: str, word: str
) -> None:
    failure = run("simulate", **{**STRIP, **SMALL, **change})

    assert (failure["exit_code"], failure["code"]) == (2, code)
    assert word in failure["message"]
    assert json.dumps(failure["context"])
