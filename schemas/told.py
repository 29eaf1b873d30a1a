"""The declaration of what answers tell beside what was found: warnings and help."""

from __future__ import annotations

from typing import get_args

from marshmallow import fields

from schemas.declaring import address, made, number, text, word
from schemas.relaxing import Change

_CANDIDATE = made(
    "Candidate",
    {"id": text(), "name": text(), "url": address("The question with this id.")},
)
WARNING = made(
    "Warning",
    {
        "code": word(
            (
                *("unknown-value", "ambiguous-value", "empty-query"),
                *("shortened-query", "more-quotes", "nothing-to-compare"),
                "unused-parameter",
            )
        ),
        "parameter": text(),
        "value": text(),
        "suggestions": fields.List(
            fields.String(), metadata={"description": "Names that are here."}
        ),
        "urls": fields.List(
            fields.String(allow_none=True),
            metadata={"description": "The question with each of the suggestions."},
        ),
        "candidates": fields.List(fields.Nested(_CANDIDATE)),
    },
)
ADVICE = made(
    "Advice",
    {
        "change": word(get_args(Change)),
        "parameter": text(),
        "value": text(null=True, doc="What is changed; null: all of its values."),
        "start": fields.Integer(required=True, allow_none=True),
        "end": fields.Integer(required=True, allow_none=True),
        "instead": text(null=True, doc="What the parameter would have."),
        "count": number(),
        "url": address("The question with this change."),
    },
)
