"""CASA's flaggers, run by its ``agentflagger`` tool; the only place that touches it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..contract import StageFailure

#: Parameters of the agents, CASA's own defaults spelled out; ``ntime`` 0 is a whole scan at once.
_AGENTS: dict[str, dict[str, Any]] = {
    "tfcrop": {
        "mode": "tfcrop",
        "timecutoff": 4.0,
        "freqcutoff": 4.0,
        "timefit": "line",
        "freqfit": "poly",
        "maxnpieces": 7,
        "flagdimension": "freqtime",
        "usewindowstats": "none",
        "halfwin": 1,
        "extendflags": False,
    },
    "rflag": {
        "mode": "rflag",
        "winsize": 3,
        "timedevscale": 5.0,
        "freqdevscale": 5.0,
        "spectralmax": 1e6,
        "spectralmin": 0.0,
        "extendflags": False,
    },
    "shadow": {"mode": "shadow", "tolerance": 0.0, "addantenna": {}},
}


def run_casa_flagger(ms: Path, mode: str) -> str:
    """Run ``tfcrop``, ``rflag`` or ``shadow``; the measurement set's flags are read and written.

    Returns:
        CASA's version.

    Raises:
        StageFailure: TOOL_FAILED if CASA refuses.
    """
    import casatools

    flagger = casatools.agentflagger()
    try:
        flagger.open(str(ms), 0.0)
        flagger.selectdata({})
        agent = {"datacolumn": "DATA", "correlation": "ABS_ALL", "apply": True, **_AGENTS[mode]}
        if not flagger.parseagentparameters(agent):
            raise StageFailure("TOOL_FAILED", f"CASA refused the parameters of {mode}", tool="casa")
        if not flagger.init():
            raise StageFailure("TOOL_FAILED", f"CASA could not set up {mode}; its log says why", tool="casa")
        flagger.run(True, True)
    except RuntimeError as cause:
        raise StageFailure("TOOL_FAILED", f"CASA {mode}: {cause}", tool="casa") from cause
    finally:
        flagger.done()
    return str(casatools.version_string())
