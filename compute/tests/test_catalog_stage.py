"""Published catalogues become tables with one name and one unit for each column."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.table import Table

from meridian_compute.contract import Events, Stage, StageFailure
from meridian_compute.source_catalog.dialects import SURVEYS
from meridian_compute.source_catalog.vizier import fetch_cone
from meridian_compute.specs.catalog import CatalogCone, CatalogSpec, CatalogSummary
from meridian_compute.stages.catalog import main

FIXTURES = Path(__file__).resolve().parents[2] / "test" / "fixtures" / "catalogs"
NVSS = FIXTURES / "nvss_vizier_viii65.fits"
RACS = FIXTURES / "racs_components.fits"


def run(tmp_path: Path, **spec: Any) -> tuple[CatalogSummary, list[dict[str, str]], Stage]:
    tmp_path.mkdir(exist_ok=True)
    stage = Stage(name="catalog", workdir=tmp_path, events=Events(tmp_path / "events.jsonl"))
    summary = main(CatalogSpec(**spec), stage)
    with stage.outputs["table"].open(encoding="utf-8") as handle:
        return summary, list(csv.DictReader(handle)), stage


def numbers(rows: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([float(row[name]) if row[name] else np.nan for row in rows])


def test_the_nvss_of_vizier_is_read_in_its_units(tmp_path: Path) -> None:
    summary, rows, _ = run(tmp_path, name="nvss", file=str(NVSS))

    assert (summary.n_read, summary.n_rows, summary.rejected) == (639, 639, {})
    assert summary.columns["flux"] == "S1.4 [mJy]" and summary.columns["ra"] == "_RAJ2000 [deg]"
    assert summary.flux_kind == "integrated" and summary.freq_hz == 1.4e9
    assert rows[0]["catalog_id"] == "060002-314014"
    published = Table.read(NVSS)
    assert numbers(rows, "flux_jy") == pytest.approx(np.asarray(published["S1.4"]) / 1000, rel=1e-7)
    assert numbers(rows, "ra_deg") == pytest.approx(np.asarray(published["_RAJ2000"]), abs=1e-7)
    assert np.isnan(numbers(rows, "pa_deg")).sum() == np.isnan(np.asarray(published["PA"])).sum() > 0


def test_sexagesimal_positions_are_the_same_places(tmp_path: Path) -> None:
    _, degrees, _ = run(tmp_path, name="nvss", file=str(NVSS))
    columns = {"ra": "RAJ2000", "dec": "DEJ2000"}
    _, texts, _ = run(tmp_path, name="nvss", file=str(NVSS), columns=columns)

    assert numbers(texts, "ra_deg") == pytest.approx(numbers(degrees, "ra_deg"), abs=1e-6)
    assert numbers(texts, "dec_deg") == pytest.approx(numbers(degrees, "dec_deg"), abs=1e-6)
    assert (numbers(texts, "dec_deg") < -30).all()


def test_a_table_of_aegean_is_known_without_units(tmp_path: Path) -> None:
    summary, rows, _ = run(tmp_path, name="rax", file=str(RACS))

    published = Table.read(RACS)
    assert summary.n_rows == len(published) - sum(summary.rejected.values())
    assert numbers(rows, "flux_jy")[:5] == pytest.approx(np.asarray(published["int_flux"])[:5], rel=1e-6)
    assert rows[0]["catalog_id"] == str(published["uuid"][0])
    # Errors of -1 stand for fits that gave none.
    errors = numbers(rows, "flux_err_jy")
    assert np.nanmin(errors) > 0
    ratio = np.asarray(published["int_flux"]) / np.asarray(published["peak_flux"])
    assert [row["resolved"] for row in rows[:50]] == ["t" if value >= 1.1 else "f" for value in ratio[:50]]


@pytest.mark.parametrize("form", ["csv", "csv.gz", "votable", "ecsv", "tsv"])
def test_formats_give_the_same_table(tmp_path: Path, form: str) -> None:
    table = Table(
        {"ra_deg": [10.0, 370.0 - 20, 20.0], "dec_deg": [1.0, -2.0, 3.0], "flux_mjy": [5.0, 7.5, np.nan]},
    )
    file = tmp_path / f"table.{form}"
    if form == "votable":
        table.write(file, format="votable")
    elif form == "ecsv":
        table.write(file, format="ascii.ecsv")
    elif form == "csv.gz":
        file.write_bytes(gzip.compress(b"# made by hand\nra_deg,dec_deg,flux_mjy\n10,1,5\n350,-2,7.5\n20,3,\n"))
    else:
        table.write(file, format="ascii.csv", delimiter="\t" if form == "tsv" else ",")

    summary, rows, stage = run(tmp_path / "work", name="first", file=str(file))

    assert [(row["ra_deg"], row["dec_deg"], row["flux_jy"]) for row in rows] == [
        ("10", "1", "0.005"),
        ("350", "-2", "0.0075"),
    ]
    assert summary.rejected == {"flux is not a number": 1}
    assert "left out" in stage.events.warnings[0]


def test_rows_that_cannot_be_used_are_counted_by_reason(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    lines = ["10,1,5,a", ",1,5,b", "10,95,5,c", "10,1,,d", "10,1,-3,e", "11,1,inf,f", "12,1,4,a"]
    file.write_text("\n".join(["ra_deg,dec_deg,flux_jy,id", *lines]) + "\n")

    summary, rows, _ = run(tmp_path / "work", name="vlass", file=str(file))

    assert summary.rejected == {
        "position is not a number": 1,
        "position is outside the sky": 1,
        "flux is not a number": 2,
        "flux is not positive": 1,
    }
    assert summary.n_read == 7 and summary.n_rows == 2
    # One name for two rows is a name of neither.
    assert summary.n_ids_doubled == 2 and [row["catalog_id"] for row in rows] == ["", ""]


def test_the_peak_stands_in_for_an_integrated_flux_that_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("ra_deg,dec_deg,flux_jy,peak_flux_jy\n1,1,2,1\n2,2,,3\n3,3,1,0.99\n")

    _, rows, _ = run(tmp_path / "work", name="vlass", file=str(file))

    assert [(row["flux_jy"], row["flux_kind"], row["resolved"]) for row in rows] == [
        ("2", "integrated", "t"),
        ("3", "peak", ""),
        ("1", "integrated", "f"),
    ]


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("dec_deg,flux_jy\n1,1\n", {}, ["no column for ra", "dec_deg, flux_jy", "--columns ra=NAME"]),
        ("ra_deg,dec_deg\n1,1\n", {}, ["no column for flux", "--columns flux=NAME"]),
        ("ra,dec_deg,flux_jy\n1,1,1\n", {}, ["column 'ra'", "no unit", "--units ra=UNIT"]),
        ("ra_deg,dec_deg,flux_jy\n1,1,1\n", {"columns": {"flux": "S"}}, ["no column 'S' for flux"]),
        ("ra_deg,dec_deg,flux_jy\n1,1,1\n", {"units": {"flux": "deg"}}, ["column 'flux_jy'", "'deg'", "Jy"]),
        ("ra_deg,dec_deg,flux_jy\n1,1,many\n", {}, ["column 'flux_jy'", "no numbers"]),
        ("ra,dec,flux_jy\nhere,there,1\n", {}, ["column 'ra'", "no angles"]),
        ("ra_deg,dec_deg,flux_jy\n1,1,-1\n", {}, ["no row", "1 rows: flux is not positive"]),
        ("<html>\n<p>Not found</p>\n", {}, ["table.csv"]),
    ],
)
def test_a_file_that_does_not_fit_is_refused_by_file_and_column(
    tmp_path: Path, text: str, options: dict[str, Any], words: list[str]
) -> None:
    file = tmp_path / "table.csv"
    file.write_text(text)

    with pytest.raises(StageFailure) as caught:
        run(tmp_path / "work", name="first", file=str(file), **options)

    assert caught.value.code == "CATALOG_INVALID"
    assert str(file) in caught.value.message
    for word in words:
        assert word in caught.value.message


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE_EMPTY"),
        (b"ra_deg,dec_deg,flux_jy\n", "FILE_EMPTY"),
        (None, "FILE_MISSING"),
        (b"\x1f\x8b\x08", "FILE_TRUNCATED"),
    ],
)
def test_a_file_that_is_not_there_or_holds_nothing(tmp_path: Path, content: bytes | None, code: str) -> None:
    file = tmp_path / "table.csv"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(StageFailure) as caught:
        run(tmp_path / "work", name="first", file=str(file))

    assert caught.value.code == code


def test_a_fits_image_is_no_catalogue(tmp_path: Path) -> None:
    image = FIXTURES.parent / "images" / "vast" / "epoch01.noiseMap.fits"

    with pytest.raises(StageFailure, match="without a table"):
        run(tmp_path, name="rax", file=str(image))


def test_a_file_or_a_cone_not_both(tmp_path: Path) -> None:
    with pytest.raises(StageFailure, match="either file or cone"):
        run(tmp_path, name="nvss")


def test_without_a_network_there_is_one_message_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")

    with pytest.raises(StageFailure) as caught:
        fetch_cone("first", CatalogCone(ra_deg=10, dec_deg=20, radius_deg=0.1), timeout_s=3)

    assert caught.value.code == "SERVICE_UNAVAILABLE"
    for word in ("3 s", "Check the network", SURVEYS["first"].vizier_table, "meridian catalog import --name first"):
        assert word in caught.value.message
