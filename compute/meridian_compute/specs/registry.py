"""Every stage: its spec, its summary and its version."""

from __future__ import annotations

from dataclasses import dataclass

from ..contract import Model
from .calibrate import ApplySpec, ApplySummary, FlagSpec, FlagSummary, SolveSpec, SolveSummary
from .catalog import CatalogSpec, CatalogSummary
from .convert import ConvertSpec, ConvertSummary, InspectSpec, InspectSummary
from .image import ImageSpec, ImageSummary, MosaicSpec, MosaicSummary
from .photometry import PhotometrySpec, PhotometrySummary, QaSpec, QaSummary
from .simulate import SimulateSpec, SimulateSummary


@dataclass(frozen=True)
class StageEntry:
    """A stage's name, its models, and the version of its results: raise it when results change."""

    name: str
    spec: type[Model]
    summary: type[Model]
    version: int


STAGES: dict[str, StageEntry] = {
    entry.name: entry
    for entry in (
        StageEntry("simulate", SimulateSpec, SimulateSummary, 1),
        StageEntry("inspect", InspectSpec, InspectSummary, 1),
        StageEntry("convert", ConvertSpec, ConvertSummary, 1),
        StageEntry("flag", FlagSpec, FlagSummary, 1),
        StageEntry("solve", SolveSpec, SolveSummary, 1),
        StageEntry("apply", ApplySpec, ApplySummary, 1),
        StageEntry("image", ImageSpec, ImageSummary, 1),
        StageEntry("mosaic", MosaicSpec, MosaicSummary, 1),
        StageEntry("photometry", PhotometrySpec, PhotometrySummary, 1),
        StageEntry("qa", QaSpec, QaSummary, 1),
        StageEntry("catalog", CatalogSpec, CatalogSummary, 1),
    )
}
