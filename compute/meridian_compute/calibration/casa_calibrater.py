"""CASA's ``calibrater`` tool with types; the only place that touches it.

The tasks gaincal, bandpass and applycal are thin layers over this tool and cost 4 s to import.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..contract import StageFailure

TableType = Literal["K", "B", "G"]


@dataclass(frozen=True, kw_only=True)
class AppliedTable:
    """A table applied on the fly or for good.

    Attributes:
        path: the caltable.
        interp: CASA's words for time and, after a comma, frequency.
    """

    path: Path
    interp: str


@dataclass(frozen=True, kw_only=True)
class Solve:
    """One solution.

    Attributes:
        type: Jones term.
        table: caltable to write.
        refant: index of the reference antenna: CASA reads some names (2l) as lengths.
        interval: CASA's solution interval: ``inf``, ``int`` or e.g. ``60s``.
        min_snr: solutions below it are flagged.
        min_baselines: antennas with fewer baselines are not solved.
        phase_only: for G: amplitudes stay 1.
        normalize: for B: mean amplitude 1, the scale goes to G.
        apply: tables applied before.
    """

    type: TableType
    table: Path
    refant: int
    interval: str = "inf"
    min_snr: float = 3.0
    min_baselines: int = 4
    phase_only: bool = False
    normalize: bool = False
    apply: tuple[AppliedTable, ...] = ()


def casa_version() -> str:
    """Version of casatools."""
    import casatools

    return str(casatools.version_string())


def solve(ms: Path, request: Solve) -> None:
    """Solve and write a table; weights are not touched (``apply`` says why).

    Raises:
        StageFailure: CALIBRATION_BAD if CASA finds nothing to solve or writes no table.
    """
    import casatools

    tool = casatools.calibrater()
    try:
        tool.open(filename=str(ms), compress=False, addcorr=False, addmodel=False)
        tool.reset()
        tool.selectvis(chanmode="none", msselect="ANTENNA1!=ANTENNA2")
        # A receptor that is flagged must not take the other one of its antenna with it.
        tool.setcorrdepflags(True)
        _set_apply(tool, request.apply)
        arguments: dict[str, object] = {
            "type": request.type,
            "t": request.interval,
            "refant": str(request.refant),
            "minblperant": request.min_baselines,
            "minsnr": request.min_snr,
            "table": str(request.table),
            "apmode": "p" if request.phase_only else "ap",
        }
        if request.type == "B":
            arguments["solnorm"] = request.normalize
            del arguments["apmode"]
        tool.setsolve(**arguments)
        tool.solve()
    except RuntimeError as cause:
        raise StageFailure("CALIBRATION_BAD", f"CASA could not solve {request.type} on {ms.name}: {cause}") from cause
    finally:
        tool.close()
    if not (request.table / "table.dat").is_file():
        message = f"CASA wrote no {request.type} table: too few unflagged data on {ms.name}"
        raise StageFailure("CALIBRATION_BAD", message, table=str(request.table))


def correct(ms: Path, tables: Sequence[AppliedTable]) -> None:
    """Apply tables to DATA and write CORRECTED_DATA; data without a solution are flagged (``calflag``).

    Raises:
        StageFailure: TOOL_FAILED if CASA refuses.
    """
    import casatools

    tool = casatools.calibrater()
    try:
        tool.open(filename=str(ms), compress=False, addcorr=True, addmodel=False)
        tool.selectvis(chanmode="none")
        _set_apply(tool, tables)
        tool.correct(applymode="calflag")
    except RuntimeError as cause:
        raise StageFailure("TOOL_FAILED", f"CASA could not apply the tables to {ms.name}: {cause}") from cause
    finally:
        tool.close()


def _set_apply(tool: object, tables: Sequence[AppliedTable]) -> None:
    """Tell CASA which tables to apply.

    Weights stay as they are: noise enters before the electronic gain, so a receptor with a small gain has as small a
    noise, and equal weights of calibrated data are the right ones.
    """
    for table in tables:
        tool.setapply(t=0.0, table=str(table.path), interp=table.interp, calwt=False, spwmap=[-1])  # type: ignore[attr-defined]
