"""Write the JSON Schemas of the stage contract: ``python -m meridian_compute.export_schemas``.

``compute/schemas/stages.schema.json`` is the source of ``domain/generated/stages.ts``; a test fails when it is stale.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic.json_schema import models_json_schema

from .contract import Model, ResultDocument
from .specs.registry import STAGES

SCHEMA_FILE = Path(__file__).parent.parent / "schemas" / "stages.schema.json"


def stages_schema() -> dict[str, Any]:
    """One JSON Schema with every model in ``$defs``, and under ``x-stages`` which stage uses which.

    Specs are described as a caller writes them (fields with defaults are optional), summaries and results as a stage
    writes them (every field is there).
    """
    models: list[tuple[type[Model], Literal["validation", "serialization"]]] = [(ResultDocument, "serialization")]
    for entry in STAGES.values():
        models += [(entry.spec, "validation"), (entry.summary, "serialization")]
    references, document = models_json_schema(models, title="Stages")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Stages",
        "$defs": {name: _without_field_titles(model) for name, model in document["$defs"].items()},
        "x-stages": {
            entry.name: {
                "spec": _name_of(references[(entry.spec, "validation")]),
                "summary": _name_of(references[(entry.summary, "serialization")]),
                "version": entry.version,
            }
            for entry in STAGES.values()
        },
    }


def _name_of(reference: Any) -> str:
    return str(reference["$ref"]).rsplit("/", 1)[-1]


def _without_field_titles(schema: Any) -> Any:
    """Drop the titles pydantic derives from field names: they would become type names."""
    if isinstance(schema, dict):
        return {key: _without_field_titles(value) for key, value in schema.items() if key != "title"}
    if isinstance(schema, list):
        return [_without_field_titles(item) for item in schema]
    return schema


def render_schema() -> str:
    """Text of the schema file."""
    return json.dumps(stages_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.parent.mkdir(parents=True, exist_ok=True)
    SCHEMA_FILE.write_text(render_schema(), encoding="utf-8")
