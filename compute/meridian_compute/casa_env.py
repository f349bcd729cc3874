"""What CASA, casacore and BLAS must find in their environment, set before they are imported."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from .contract import StageFailure

_SITE_CONFIG = """measurespath = {data!r}
datapath = [{data!r}]
measures_auto_update = False
data_auto_update = False
nogui = True
agg = True
"""


def prepare_casa_environment(workdir: Path, cores: int) -> dict[str, str]:
    """Set this process up for casatools, casatasks and external tools; call it before any of them is imported.

    Casatasks writes ``casa-*.log`` into the current folder and looks into HOME, so both become scratch below the
    work folder; paths in the spec must be absolute for that. OpenBLAS must not start threads: WSClean aborts otherwise
    where it is the pthread build.

    Args:
        workdir: the stage's work folder.
        cores: threads that OpenMP programs may use.

    Returns:
        The variables, for tools started with an environment of their own.

    Raises:
        StageFailure: TOOL_MISSING if the measures data are not installed.
    """
    casadata = find_spec("casadata")
    if casadata is None or casadata.origin is None:
        raise StageFailure(
            "TOOL_MISSING", "the package casadata is not installed; `meridian doctor` says how to get it"
        )
    home = workdir / "home"
    home.mkdir(parents=True, exist_ok=True)
    config = home / "casasiteconfig.py"
    config.write_text(_SITE_CONFIG.format(data=str(Path(casadata.origin).parent / "__data__")), encoding="utf-8")
    variables = {
        "CASASITECONFIG": str(config),
        "HOME": str(home),
        "MPLCONFIGDIR": os.environ.get("MPLCONFIGDIR") or str(home / "matplotlib"),
        "MPLBACKEND": "Agg",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": str(cores),
    }
    os.environ.update(variables)
    os.chdir(home)
    return variables
