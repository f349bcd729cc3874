"""From a measurement set and a calibrator to tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .. import site
from ..contract import Stage, StageFailure
from ..field_sources import field_sources
from ..model import Observation, PointSourceModel, apparent_flux_jy
from ..specs.calibrate import SolveSpec
from ..specs.common import SourceModel
from .caltable import ORDER, Caltable
from .chain import PHASE_INTERVAL_S, Chain, given_tables, types_to_solve
from .flag_editor import correlation_names
from .receptors import choose_refant, examine_receptors, flag_not_working, receptor_names
from .solving_set import Binning, SolvingSet, build_solving_set


@dataclass(frozen=True, kw_only=True)
class Solution:
    """Tables and what is needed to judge them.

    Attributes:
        ms: the measurement set that was solved on.
        observation: its geometry.
        tables: solved tables, in the order they are applied.
        refant: name.
        n_working: antennas with at least one receptor that is not flagged in the tables.
        dead: names of receptors that are flagged in the tables.
        neighbours: catalogue sources in the model beside the calibrator, brightest first.
        apparent_jy: the calibrator's flux through the beam, mean over time and frequency.
        binning: how the averaged set was made.
        solving: the averaged set.
        corrected: shape (n_row, n_channel, n_correlation): its data after calibration.
        corrected_flags: shape (n_row, n_channel, n_correlation).
        warnings: what the astronomer should know.
    """

    ms: Path
    observation: Observation
    tables: tuple[Caltable, ...]
    refant: str
    n_working: int
    dead: tuple[str, ...]
    neighbours: tuple[SourceModel, ...]
    apparent_jy: float
    binning: Binning
    solving: SolvingSet
    corrected: NDArray[np.complex64]
    corrected_flags: NDArray[np.bool_]
    warnings: tuple[str, ...]


def solve_tables(ms: Path, spec: SolveSpec, *, observation: Observation, stage: Stage) -> Solution:
    """Solve the types asked for; existing tables are applied on the way and not solved again.

    The tables are written below ``caltables/`` of the work folder.

    Raises:
        StageFailure: DATA_ALL_FLAGGED, CALIBRATION_BAD, CALTABLE_MISMATCH, CALTABLE_MISSING, SPEC_INVALID.
    """
    given = given_tables([Path(path) for path in spec.existing_tables], ms)
    types = types_to_solve(spec, given)
    binning = _binning(spec, observation)
    stage.events.progress(0.05, "predicting the model and averaging")
    apparent_jy = float(apparent_flux_jy([spec.calibrator], observation).mean())
    neighbours = field_sources(observation, spec.neighbour_fraction * apparent_jy, [spec.calibrator])
    model = PointSourceModel([spec.calibrator, *neighbours], observation)
    scratch = stage.workdir / "scratch"
    scratch.mkdir()
    solving = build_solving_set(ms, model, scratch / "solve.ms", binning=binning)
    receptors = examine_receptors(solving, ms)
    flag_not_working(solving, receptors.working)
    refant, warning = choose_refant(receptors, spec.refant)
    folder = stage.workdir / "caltables"
    folder.mkdir()
    chain = Chain(ms=ms, solving=solving, spec=spec, refant=refant, given=given, folder=folder, dead=~receptors.working)
    chain.run(types, lambda done, words: stage.events.progress(0.2 + 0.6 * done, words))
    stage.events.progress(0.85, "applying the tables to the calibrator's data")
    corrected, corrected_flags = chain.corrected()
    hands = [correlation_names(ms)[hand] for hand in solving.hands]
    return Solution(
        ms=ms,
        observation=observation,
        tables=tuple(chain.tables[kind] for kind in ORDER if kind in chain.tables),
        refant=receptors.names[refant],
        n_working=int((~chain.dead & receptors.present[:, None]).any(axis=1).sum()),
        dead=tuple(receptor_names(receptors, chain.dead, hands)),
        neighbours=tuple(neighbours),
        apparent_jy=apparent_jy,
        binning=binning,
        solving=solving,
        corrected=corrected,
        corrected_flags=corrected_flags,
        warnings=() if warning is None else (warning,),
    )


def _binning(spec: SolveSpec, observation: Observation) -> Binning:
    """Bins of a minute, or of the gain interval if that is shorter; limits of both the spec and the calibrator's list.

    Raises:
        StageFailure: SPEC_INVALID for an interval that is not positive or a range that is empty.
    """
    interval_s = spec.gain_interval_s
    if interval_s is not None and interval_s <= 0:
        raise StageFailure(
            "SPEC_INVALID", f"gain_interval_s is {interval_s}; it must be positive", field="gain_interval_s"
        )
    metres_per_klambda = 1000 * site.SPEED_OF_LIGHT_M_S / float(observation.freq_hz.mean())
    low_k, high_k = spec.calibrator.uvmin_klambda, spec.calibrator.uvmax_klambda
    lows = [value for value in (spec.uvmin_m, None if low_k is None else low_k * metres_per_klambda) if value]
    highs = [value for value in (spec.uvmax_m, None if high_k is None else high_k * metres_per_klambda) if value]
    uvmin_m, uvmax_m = max(lows, default=None), min(highs, default=None)
    if uvmin_m is not None and uvmax_m is not None and uvmin_m >= uvmax_m:
        message = (
            f"no baselines between uvmin {uvmin_m:.0f} m and uvmax {uvmax_m:.0f} m (spec and calibrator list together)"
        )
        raise StageFailure("SPEC_INVALID", message, field="uvmin_m")
    bin_s = PHASE_INTERVAL_S if interval_s is None else min(PHASE_INTERVAL_S, interval_s)
    return Binning(bin_s=bin_s, uvmin_m=uvmin_m, uvmax_m=uvmax_m)
