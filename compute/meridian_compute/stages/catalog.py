"""Catalog: a published table of sources becomes a table with one name and one unit for each column."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..contract import Stage, StageFailure
from ..hashing import hash_file
from ..source_catalog.columns import read_columns
from ..source_catalog.dialects import SURVEYS
from ..source_catalog.read import read_table
from ..source_catalog.rows import flux_kind, usable_rows, write_table
from ..source_catalog.vizier import fetch_cone
from ..specs.catalog import CatalogSpec, CatalogSummary


def main(spec: CatalogSpec, stage: Stage) -> CatalogSummary:
    """Read the file, or ask VizieR; write the usable rows and count the others by reason.

    Raises:
        StageFailure: SPEC_INVALID, CATALOG_INVALID naming file and column, FILE_MISSING, FILE_EMPTY, FILE_TRUNCATED,
            SERVICE_UNAVAILABLE when VizieR does not answer.
    """
    table, source = _table(spec, stage)
    stage.tools["astropy"] = version("astropy")
    stage.events.progress(0.4, f"{len(table)} rows read")
    columns = read_columns(table, spec, source)
    rows = usable_rows(columns)
    if not rows.keep.any():
        reasons = "; ".join(f"{count} rows: {reason}" for reason, count in rows.rejected.items())
        raise StageFailure("CATALOG_INVALID", f"no row of {source} can be used: {reasons}", file=source)
    freq_hz = spec.freq_hz or SURVEYS[spec.name].freq_hz
    output = stage.output("table", "catalog.csv")
    n_doubled = write_table(output, columns, rows, freq_hz)
    if rows.rejected:
        left_out = "; ".join(f"{count} rows: {reason}" for reason, count in rows.rejected.items())
        stage.events.warning(f"left out of {source}: {left_out}")
    stage.events.progress(1.0, f"{int(rows.keep.sum())} sources")
    return CatalogSummary(
        name=spec.name,
        file_name=Path(source).name if spec.file is not None else source,
        file_sha256=hash_file(Path(spec.file) if spec.file is not None else output),
        columns=dict(columns.origin),
        freq_hz=freq_hz,
        flux_kind=flux_kind(rows),
        n_read=len(table),
        n_rows=int(rows.keep.sum()),
        rejected=rows.rejected,
        n_ids_doubled=n_doubled,
    )


def _table(spec: CatalogSpec, stage: Stage) -> tuple[Any, str]:
    """The table, and what to call it in messages."""
    if spec.file is not None and spec.cone is None:
        return read_table(spec.file), spec.file
    if spec.cone is None or spec.file is not None:
        raise StageFailure("SPEC_INVALID", "give either file or cone")
    table = SURVEYS[spec.name].vizier_table
    stage.events.progress(0.1, f"asking VizieR for {table}")
    found = fetch_cone(spec.name, spec.cone, spec.timeout_s)
    stage.tools["astroquery"] = version("astroquery")
    return found, table
