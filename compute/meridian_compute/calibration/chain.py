"""The chain of solutions: delays, phases for the bandpass, bandpass, gains; each applied to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..contract import StageFailure
from ..ms_summary import read_columns
from ..specs.calibrate import SolveSpec
from .caltable import (
    ORDER,
    Caltable,
    check_fit,
    flag_receptors,
    flag_solutions,
    name_source,
    read_caltable,
    table_type,
    unusable_receptors,
)
from .casa_calibrater import AppliedTable, Solve, TableType, correct, solve
from .solving_set import SolvingSet

Bool = NDArray[np.bool_]

#: Phases are followed at this interval before the bandpass is averaged over the whole set.
PHASE_INTERVAL_S = 60.0
#: How a table is applied to the data it was solved on: nearest in time; channels flagged in the table are flagged.
_INTERP: dict[TableType, str] = {"K": "nearest", "B": "nearest,linearflag", "G": "nearest"}
_MIN_BASELINES = 4


def given_tables(paths: list[Path], ms: Path) -> dict[TableType, Path]:
    """Existing tables by type.

    Raises:
        StageFailure: CALTABLE_MISSING, CALTABLE_MISMATCH, or SPEC_INVALID for two of one type.
    """
    given: dict[TableType, Path] = {}
    for path in paths:
        kind = table_type(path)
        check_fit(path, ms)
        if kind in given:
            message = f"existing_tables holds two {kind} tables: {given[kind].name} and {path.name}"
            raise StageFailure("SPEC_INVALID", message, field="existing_tables")
        given[kind] = path
    return given


def types_to_solve(spec: SolveSpec, given: dict[TableType, Path]) -> tuple[TableType, ...]:
    """Types asked for that are not given.

    Raises:
        StageFailure: SPEC_INVALID if nothing is left to solve.
    """
    wanted = tuple(kind for kind in ORDER if kind in spec.types and kind not in given)
    if not wanted:
        raise StageFailure(
            "SPEC_INVALID", "nothing to solve: every type asked for is among existing_tables", field="types"
        )
    return wanted


@dataclass
class Chain:
    """Solves one type after the other on an averaged set.

    Attributes:
        ms: the measurement set that the averaged set is of.
        solving: the averaged set.
        spec: what was asked.
        refant: index of the reference antenna.
        given: tables that are applied and not solved.
        folder: where solved tables go.
        dead: shape (n_antenna, n_hand): receptors that are flagged in all solved tables; grows.
        tables: solved tables.
    """

    ms: Path
    solving: SolvingSet
    spec: SolveSpec
    refant: int
    given: dict[TableType, Path]
    folder: Path
    dead: Bool
    tables: dict[TableType, Caltable] = field(default_factory=dict)

    def run(self, types: tuple[TableType, ...], on_progress: Callable[[float, str], None]) -> None:
        """Solve the types in their order.

        Raises:
            StageFailure: CALIBRATION_BAD if a table has no solution.
        """
        for index, kind in enumerate(types):
            on_progress(index / len(types), f"solving {kind}")
            if kind == "B":
                self._solve_bandpass()
            else:
                self._keep(kind, self._solve(kind, self.applied(kind), self.folder / f"{kind}.cal"))

    def _solve_bandpass(self) -> None:
        """Phases at short intervals first, so that the average over the set loses nothing; they are not kept."""
        before = self.applied("B")
        phases = self.solving.path.parent / "phase.cal"
        solve(self.solving.path, self._request("G", before, phases, phase_only=True, interval="int"))
        with_phases = (*before, AppliedTable(path=phases, interp="nearest"))
        self._keep("B", self._solve("B", with_phases, self.folder / "B.cal"))

    def _solve(self, kind: TableType, applied: tuple[AppliedTable, ...], path: Path) -> Path:
        interval = _gain_interval(self.spec) if kind == "G" else "inf"
        solve(self.solving.path, self._request(kind, applied, path, interval=interval))
        return path

    def _request(
        self,
        kind: TableType,
        applied: tuple[AppliedTable, ...],
        path: Path,
        *,
        interval: str,
        phase_only: bool = False,
    ) -> Solve:
        alive = int((~self.dead).any(axis=1).sum())
        return Solve(
            type=kind,
            table=path,
            refant=self.refant,
            interval=interval,
            min_snr=self.spec.min_snr,
            min_baselines=max(1, min(_MIN_BASELINES, alive - 1)),
            phase_only=phase_only,
            normalize=kind == "B",
            apply=applied,
        )

    def _keep(self, kind: TableType, path: Path) -> None:
        """Read a table, flag what is not finite and what comes from noise, in it and in those before it."""
        name_source(path, self.ms)
        table = read_caltable(path)
        bad = ~np.isfinite(table.values)
        # CASA's tables have two hands even where the data have one, with a solution for the reference antenna.
        n_hands = self.dead.shape[1]
        bad[:, :, n_hands:] = True
        flag_solutions(table, bad)
        if kind != "K":
            self.dead |= unusable_receptors(table, self.dead.shape[0])[:, :n_hands]
        self.tables[kind] = table
        for solved in self.tables.values():
            flag_receptors(solved, self.dead)
        if table.flags.all():
            shortest = self.spec.calibrator.uvmin_klambda
            where = f" on baselines above {shortest:g} klambda, the shortest its list allows" if shortest else ""
            message = f"every {kind} solution is flagged: the calibrator is not seen{where}"
            raise StageFailure("CALIBRATION_BAD", message, table=kind)

    def applied(self, before: TableType | None = None) -> tuple[AppliedTable, ...]:
        """Tables that are applied before a type is solved; without a type all of them."""
        kinds = ORDER if before is None else ORDER[: ORDER.index(before)]
        paths = {**self.given, **{kind: table.path for kind, table in self.tables.items()}}
        return tuple(AppliedTable(path=paths[kind], interp=_INTERP[kind]) for kind in kinds if kind in paths)

    def corrected(self) -> tuple[NDArray[np.complex64], Bool]:
        """Apply all tables to the averaged set: its data and flags afterwards."""
        correct(self.solving.path, self.applied())
        data, flags, rows = read_columns(self.solving.path, "CORRECTED_DATA", "FLAG", "FLAG_ROW")
        return data, flags | rows[:, None, None]


def _gain_interval(spec: SolveSpec) -> str:
    """CASA's interval of the gains; the set's own bins where they are that short."""
    if spec.gain_interval_s is None:
        return "inf"
    return "int" if spec.gain_interval_s <= PHASE_INTERVAL_S else f"{spec.gain_interval_s:g}s"
