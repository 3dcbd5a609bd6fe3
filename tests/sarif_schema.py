"""The part of SARIF 2.1.0 that we write, as a JSON Schema.

It is stricter than the standard's own, which allows all that other tools may want to say: here each object
has the properties we know and no other. Where AUTO_ENFORCER_SARIF_SCHEMA names a file with the standard's
schema, the tests hold our output against that one too.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def record(required: Schema, optional: Schema | None = None) -> Schema:
    """An object with exactly these properties."""
    properties = {**required, **(optional or {})}
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(required),
        "additionalProperties": False,
    }


def items(schema: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": schema, "minItems": least}


TEXT: Schema = {"type": "string", "minLength": 1}
POSITIVE: Schema = {"type": "integer", "minimum": 1}
LEVEL: Schema = {"enum": ["none", "note", "warning", "error"]}
ABSOLUTE: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9+.-]*:[!-~]+$"}
REFERENCE: Schema = {
    "type": "string",
    "pattern": "^[A-Za-z0-9/._~!$&'()*+,;=:@%-]+$",
    "not": {"pattern": "%(?![0-9A-F]{2})"},
}
MESSAGE = record({"text": TEXT})
LOCATION = record({"uri": REFERENCE}, {"uriBaseId": TEXT})
REGION = record(dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), POSITIVE))
FIX = record(
    {
        "description": MESSAGE,
        "artifactChanges": items(
            record(
                {
                    "artifactLocation": LOCATION,
                    "replacements": items(
                        record(
                            {"deletedRegion": REGION, "insertedContent": record({"text": {"type": "string"}})}
                        ),
                        least=1,
                    ),
                }
            ),
            least=1,
        ),
    }
)
SUPPRESSION = record(
    {"kind": {"enum": ["inSource", "external"]}},
    {"status": {"enum": ["accepted", "underReview", "rejected"]}, "justification": TEXT},
)
RESULT = record(
    {
        "ruleId": TEXT,
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": MESSAGE,
        "locations": items(
            record({"physicalLocation": record({"artifactLocation": LOCATION, "region": REGION})}), least=1
        ),
        "partialFingerprints": {"type": "object", "additionalProperties": TEXT},
    },
    {
        "properties": record(
            {"scope": {"enum": ["new", "historical"]}}, {"stage": {"enum": ["observe", "warn"]}}
        ),
        "suppressions": {**items(SUPPRESSION, least=1), "uniqueItems": True},
        "fixes": {**items(FIX, least=1), "uniqueItems": True},
    },
)
RULE = record(
    {
        "id": TEXT,
        "shortDescription": MESSAGE,
        "fullDescription": MESSAGE,
        "help": record({"text": TEXT, "markdown": TEXT}),
        "defaultConfiguration": record({"level": LEVEL}),
    },
    {"helpUri": ABSOLUTE, "properties": record({"tags": {**items(TEXT), "uniqueItems": True}})},
)
DRIVER = record(
    {"name": TEXT, "version": TEXT, "rules": {**items(RULE), "uniqueItems": True}},
    {"semanticVersion": TEXT, "informationUri": ABSOLUTE},
)
INVOCATION = record(
    {
        "executionSuccessful": {"type": "boolean"},
        "toolExecutionNotifications": items(record({"level": LEVEL, "message": MESSAGE})),
    }
)
RUN = record(
    {
        "tool": record({"driver": DRIVER}),
        "results": items(RESULT),
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "invocations": items(INVOCATION, least=1),
        "properties": record(
            {
                "observed": {"type": "integer", "minimum": 0},
                "wouldBlock": items(record({"ruleId": TEXT, "count": POSITIVE})),
            }
        ),
    },
    {"originalUriBaseIds": {"type": "object", "additionalProperties": record({"uri": ABSOLUTE})}},
)
SARIF = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **record({"version": {"const": "2.1.0"}, "runs": items(RUN, least=1)}, {"$schema": ABSOLUTE}),
}
