from meridian_compute.export_schemas import SCHEMA_FILE, render_schema


def test_schema_file_is_current() -> None:
    """Run `python -m meridian_compute.export_schemas` and `node ops/generate/stage-types.ts` when this fails."""
    assert SCHEMA_FILE.read_text(encoding="utf-8") == render_schema()
