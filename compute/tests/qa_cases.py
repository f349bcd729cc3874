"""Tiles with known sources and everything that QA reads beside them."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sky_images import FakeSky, airy_like

Float = NDArray[np.float64]
Source = tuple[float, float, float]

SIZE_PX = 600
CELL_ARCSEC = 22.0
BEAM_ARCSEC = (90.0, 66.0, 20.0)
RMS_JY = 0.001


@dataclass(frozen=True, kw_only=True)
class Case:
    """A tile of 3.7 degrees in a beam like the telescope's, and its truth.

    Attributes:
        shown: what the image shows; ``truth`` is what QA is told.
        change: applied to the flat-noise pixels, e.g. to mirror or to scale them.
    """

    center_deg: tuple[float, float] = (202.8, 30.5)
    truth: Sequence[Source] = ()
    shown: Sequence[Source] | None = None
    change: Callable[[Float], Float] = lambda flat: flat
    rms_jy: float = RMS_JY
    cards: dict[str, Any] = field(default_factory=lambda: {"ABERSCL": 1.0})

    @property
    def sky(self) -> FakeSky:
        """The image to be made."""
        return FakeSky(
            center_deg=self.center_deg,
            size_px=(SIZE_PX, SIZE_PX),
            cell_arcsec=CELL_ARCSEC,
            beam_arcsec=BEAM_ARCSEC,
            sources=self.truth if self.shown is None else self.shown,
            rms_jy=self.rms_jy,
            pb=airy_like,
            cards=self.cards,
        )

    def write(self, folder: Path) -> dict[str, Any]:
        """Write image, flat-noise image, beam and truth; give the spec."""
        sky = self.sky
        flat, pb = self.change(sky.pixels()), sky.pb_map()
        flat = np.where(pb >= 0.2, flat, np.nan)
        with np.errstate(invalid="ignore"):
            corrected = flat / pb
        return {
            "fits": str(sky.write(folder / "image.pb.fits", corrected)),
            "flat_noise_fits": str(sky.write(folder / "image.fits", flat)),
            "pb_fits": str(sky.write(folder / "pb.fits", pb, "")),
            "truth": str(write_truth(folder / "truth.json", self.truth, sky.freq_hz)),
            "draw": False,
        }


def write_truth(path: Path, sources: Sequence[Source], nu_hz: float) -> Path:
    """Write a truth as the simulator does."""
    document = {
        "nu_eff_hz": nu_hz,
        "sources": [
            {"name": f"S{i}", "ra_deg": ra, "dec_deg": dec, "flux_jy": flux, "spectral_index": -0.7}
            for i, (ra, dec, flux) in enumerate(sources)
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))
    return path


def scattered(case: Case, n_side: int = 12, low_jy: float = 0.02, high_jy: float = 2.0, seed: int = 3) -> list[Source]:
    """Sources on a jittered grid: none is within two beams of another, or of another one's mirrored place."""
    rng = np.random.default_rng(seed)
    step = SIZE_PX / (n_side + 1)
    fluxes = rng.permutation(np.geomspace(low_jy, high_jy, n_side**2))
    places = [(i * step, j * step) for j in range(1, n_side + 1) for i in range(1, n_side + 1)]
    jitter = rng.uniform(-15, 15, (len(places), 2))
    return [
        (*case.sky.at(x + dx, y + dy), float(flux))
        for (x, y), (dx, dy), flux in zip(places, jitter, fluxes, strict=True)
    ]


def a_case(**changes: Any) -> Case:
    """A tile that is right; ``changes`` make it wrong."""
    case = replace(Case(), **{name: changes.pop(name) for name in ("center_deg", "rms_jy") if name in changes})
    truth = scattered(case)
    return replace(case, truth=truth, **changes)


def read_matches(result: dict[str, Any]) -> list[dict[str, str]]:
    """Rows of the table."""
    with open(result["paths"]["matches"], newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def checks_of(result: dict[str, Any]) -> dict[str, str]:
    """Verdict of each check."""
    return {check["name"]: check["verdict"] for check in result["summary"]["checks"]}
