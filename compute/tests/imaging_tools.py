"""What the tests of image share: measuring fluxes at true places, and a stand-in for the program wsclean."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits

from meridian_compute.fits_image import read_image
from meridian_compute.photometry_fit.noise import annulus_offsets, local_noise
from meridian_compute.photometry_fit.stamps import Spots, beam_shape, fit_amplitudes

#: Writes the images it is told to, instead of cleaning: what a tool does wrong can be chosen.
FAKE_WSCLEAN = """#!{python}
import json, sys, pathlib
import numpy as np
from astropy.io import fits
here = pathlib.Path({folder!r})
if "-version" in sys.argv:
    print("WSClean version {version} (2022-04-01)")
    sys.exit(0)
calls = here / "calls.json"
done = json.loads(calls.read_text()) if calls.exists() else []
done.append(sys.argv[1:])
calls.write_text(json.dumps(done))
behaviour = json.loads((here / "behaviour.json").read_text())
step = behaviour[min(len(done), len(behaviour)) - 1]
print(step.get("say", ""))
if step.get("exit"):
    sys.exit(step["exit"])
name = sys.argv[sys.argv.index("-name") + 1]
size = int(sys.argv[sys.argv.index("-size") + 1])
noise = np.random.default_rng(1).normal(0, 1e-3, (1, 1, size, size)).astype(np.float32)
image = noise.copy()
image[0, 0, size // 2, size // 2] = 1.0
image[0, 0, size // 2, size // 2 + 20] = step.get("minimum_jy", 0.0)
residual = noise.copy()
residual[0, 0, size // 2 + 9, size // 2] = step.get("residual_jy", 0.0)
if step.get("nan"):
    image[0, 0, 5, 5] = np.nan
header = fits.Header({{"BMAJ": 0.03, "BMIN": 0.02, "BPA": 10.0}})
for kind, data in (("image", image), ("residual", residual), ("psf", noise), ("model", 0 * noise)):
    if kind not in step.get("without", []):
        fits.writeto(f"{{name}}-{{kind}}.fits", data, header, overwrite=True)
"""


def install_fake_wsclean(folder: Path, behaviour: list[dict[str, Any]], version: str = "3.1.0") -> Path:
    """Put a program ``wsclean`` into a folder; its n-th run does what the n-th entry says (the last one stays)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "behaviour.json").write_text(json.dumps(behaviour))
    program = folder / "wsclean"
    program.write_text(FAKE_WSCLEAN.format(python=sys.executable, folder=str(folder), version=version))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder


def plane(path: str) -> Any:
    """The one plane of a FITS file, native byte order."""
    return np.asarray(fits.getdata(path)[0, 0], dtype=np.float64)


def fluxes_at(path: str, sources: list[dict[str, Any]]) -> tuple[Any, Any]:
    """Jointly fitted peaks at true places, and the local noise; NaN where the image has no data."""
    image = read_image(path)
    shape = beam_shape(image.require_beam(), image.wcs)
    x, y = image.to_pixel([s["ra_deg"] for s in sources], [s["dec_deg"] for s in sources])
    noise = local_noise(image.data, Spots(x, y), annulus_offsets(3 * shape.major_px, 9 * shape.major_px))
    fit = fit_amplitudes(image.data, Spots(x, y, noise.background), shape)
    usable = (fit.valid_share > 0.99) & (fit.error_growth < 1.5)
    return np.where(usable, fit.flux, np.nan), noise.rms
