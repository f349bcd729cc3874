"""What was put in: sources and gains, for those who judge the results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..contract import write_json
from ..frames import meridian_icrs, utc_of_mjd
from ..model import source_flux_jy
from ..specs.simulate import SimulateSpec
from ..stations import load_stations
from .instrument import Instrument
from .plan import GroupPlan, Plan
from .sky import Sky, mean_apparent_flux_jy


def write_truth(path: Path, spec: SimulateSpec, plan: Plan, sky: Sky) -> None:
    """Write ``truth.json``: groups, and each source's flux at the effective frequency, true and through the beam.

    ``flux_jy`` is S at ``nu_eff_hz``, the mean frequency of the whole band; lists per group are in the groups' order,
    and ``nu_eff_hz`` of a group is the mean frequency of the subbands it really has.
    """
    frequencies = [_present_freq_hz(spec, plan, group) for group in plan.groups]
    apparent = [
        mean_apparent_flux_jy(sky.sources, group, plan, freq_hz)
        for group, freq_hz in zip(plan.groups, frequencies, strict=True)
    ]
    nu_eff_hz = float(plan.freq_hz.mean())
    document = {
        "seed": spec.seed,
        "nu_eff_hz": nu_eff_hz,
        "pointing_dec_deg": plan.pointing_dec_deg,
        "calibrator": None if spec.calibrator is None else spec.calibrator.name,
        "transit_mjd": plan.transit_mjd,
        "groups": [
            _group_entry(spec, plan, group, float(freq_hz.mean()))
            for group, freq_hz in zip(plan.groups, frequencies, strict=True)
        ],
        "sources": [
            {
                "name": source.name,
                "ra_deg": source.ra_deg,
                "dec_deg": source.dec_deg,
                "flux_jy": float(source_flux_jy(source, nu_eff_hz)),
                "ref_flux_jy": source.flux_jy,
                "ref_freq_hz": source.ref_freq_hz,
                "spectral_index": source.spectral_index,
                "apparent_flux_jy": [float(group[index]) for group in apparent],
            }
            for index, source in enumerate(sky.sources)
        ],
    }
    write_json(path, document)


def _present_freq_hz(spec: SimulateSpec, plan: Plan, group: GroupPlan) -> Any:
    """Channels of the subbands that can be read; of all of them if none can."""
    damage = spec.damage
    lost = {
        subband
        for kind in (damage.missing_subbands, damage.truncated_subbands, damage.empty_subbands)
        for subband in kind.get(group.index, [])
    }
    present = [subband for subband in range(len(plan.freq_hz)) if subband not in lost]
    return (plan.freq_hz[present] if present else plan.freq_hz).ravel()


def _group_entry(spec: SimulateSpec, plan: Plan, group: GroupPlan, nu_eff_hz: float) -> dict[str, Any]:
    end_mjd = group.start_mjd + spec.n_integrations * spec.integration_s / 86_400
    mid_mjd = (group.start_mjd + end_mjd) / 2
    ra_deg, dec_deg = meridian_icrs(plan.pointing_dec_deg, mid_mjd)
    return {
        "group_id": group.group_id,
        "start_mjd": group.start_mjd,
        "end_mjd": end_mjd,
        "mid_mjd": mid_mjd,
        "mid_utc": utc_of_mjd(mid_mjd),
        "nu_eff_hz": nu_eff_hz,
        "phase_ra_deg": float(ra_deg),
        "phase_dec_deg": float(dec_deg),
        "missing_subbands": spec.damage.missing_subbands.get(group.index, []),
    }


def write_gains(path: Path, plan: Plan, instrument: Instrument) -> None:
    """Write the planted gains as an ``npz``.

    In the convention of a measurement set: V_observed(1, 2) = g(1) conj(g(2)) V_sky(1, 2), with
    g = gain x bandpass x exp(2 pi i delay (nu - reference)) x drift. Arrays: ``station_numbers``, ``antenna_names``,
    ``freq_hz`` (ascending), ``group_ids``, ``mjd_utc`` (n_group, n_time), ``gain`` and ``delay_ns`` (n_antenna, 2),
    ``bandpass`` (n_antenna, 2, n_channel), ``drift`` (n_group, n_antenna, 2, n_time), ``reference_hz``.
    """
    stations = load_stations()
    mjd_utc = np.array([group.mjd_utc for group in plan.groups])
    np.savez(
        path,
        station_numbers=np.array(plan.station_numbers),
        antenna_names=np.array([stations.name[number - 1] for number in plan.station_numbers]),
        freq_hz=plan.freq_hz.ravel()[::-1],
        group_ids=np.array([group.group_id for group in plan.groups]),
        mjd_utc=mjd_utc,
        gain=instrument.gain,
        delay_ns=instrument.delay_ns,
        bandpass=instrument.bandpass[..., ::-1],
        drift=np.array([instrument.drift(times) for times in mjd_utc]),
        reference_hz=instrument.reference_hz,
    )
