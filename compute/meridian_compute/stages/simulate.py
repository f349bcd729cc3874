"""``simulate``: groups of subband files of a known sky, in the real layout, with their truth."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import numpy as np

from .. import site
from ..contract import Stage, StageFailure
from ..frames import group_id_of, utc_of_mjd
from ..simulator.files import file_name, write_subband
from ..simulator.instrument import make_instrument, make_interference
from ..simulator.plan import GroupPlan, Plan, make_plan
from ..simulator.sky import Sky, make_sky
from ..simulator.truth import write_gains, write_truth
from ..simulator.visibilities import Observed, subband_visibilities
from ..specs.simulate import SimulateSpec, SimulateSummary

#: A truncated file keeps this share of its bytes.
_TRUNCATED_SHARE = 0.6
_MAX_THREADS = 2


def main(spec: SimulateSpec, stage: Stage) -> SimulateSummary:
    """Write the files below ``incoming/``, the truth and the planted gains."""
    _check_corruption(spec)
    plan = make_plan(spec)
    sky = make_sky(spec, plan)
    incoming = stage.output("incoming", "incoming")
    incoming.mkdir(exist_ok=True)
    instrument = make_instrument(spec.corruption, plan, spec.seed)
    write_truth(stage.output("truth", "truth.json"), spec, plan, sky)
    write_gains(stage.output("gains", "gains.npz"), plan, instrument)
    n_files = 0
    total = len(plan.groups) * spec.n_subbands
    for group in plan.groups:
        observed = Observed(
            plan=plan,
            group=group,
            sources=sky.sources,
            corruption=spec.corruption,
            instrument=instrument,
            interference=make_interference(spec, plan, group.index),
            integration_s=spec.integration_s,
            seed=spec.seed,
        )
        for _ in _write_group(observed, incoming, spec):
            n_files += 1
            stage.events.progress(n_files / total, f"group {group.index + 1} of {len(plan.groups)}, file {n_files}")
    return _summary(spec, plan, sky, len(list(incoming.iterdir())))


def _check_corruption(spec: SimulateSpec) -> None:
    corruption = spec.corruption
    if not 0 <= corruption.rfi_fraction <= 0.9:
        raise StageFailure("SPEC_INVALID", f"rfi_fraction is {corruption.rfi_fraction}; it must be 0 to 0.9")
    if corruption.sefd_jy <= 0:
        raise StageFailure("SPEC_INVALID", f"sefd_jy is {corruption.sefd_jy}; it must be positive")


def _write_group(observed: Observed, incoming: Path, spec: SimulateSpec) -> Iterator[Path]:
    """Write the files of a group, two at a time; each file depends on the seed alone, not on the order."""
    stamps = _stamps(observed.group, spec)
    missing = set(spec.damage.missing_subbands.get(observed.group.index, []))
    observed.prepare()
    threads = min(_MAX_THREADS, len(os.sched_getaffinity(0)))
    with ThreadPoolExecutor(threads) as pool:
        tasks = [
            pool.submit(_write_file, incoming / file_name(stamps[subband], subband), observed, subband, spec)
            for subband in range(spec.n_subbands)
            if subband not in missing
        ]
        for task in as_completed(tasks):
            yield task.result()


def _stamps(group: GroupPlan, spec: SimulateSpec) -> list[str]:
    """Stamps of the siblings: sb00 at the start, the others up to ``stamp_jitter_s`` later."""
    jitter_s = np.random.default_rng([spec.seed, 5, group.index]).uniform(0, spec.stamp_jitter_s, spec.n_subbands)
    jitter_s[0] = 0.0
    return [group_id_of(group.start_mjd + delay / site.SECONDS_PER_DAY) for delay in jitter_s]


def _write_file(path: Path, observed: Observed, subband: int, spec: SimulateSpec) -> Path:
    damage, index = spec.damage, observed.group.index
    if subband in damage.empty_subbands.get(index, []):
        path.touch()
        return path
    write_subband(path, observed, subband, subband_visibilities(observed, subband), old_layout=spec.layout == "old")
    if subband in damage.truncated_subbands.get(index, []):
        os.truncate(path, int(path.stat().st_size * _TRUNCATED_SHARE))
    return path


def _summary(spec: SimulateSpec, plan: Plan, sky: Sky, n_files: int) -> SimulateSummary:
    return SimulateSummary(
        group_ids=[group.group_id for group in plan.groups],
        pointing_dec_deg=plan.pointing_dec_deg,
        calibrator=None if spec.calibrator is None else spec.calibrator.name,
        transit_utc=None if plan.transit_mjd is None else utc_of_mjd(plan.transit_mjd),
        transit_mjd=plan.transit_mjd,
        n_files=n_files,
        n_sources=len(sky.sources),
    )
