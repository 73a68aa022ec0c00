"""What the API says of itself: OpenAPI 3.1, true of every answer it gives."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.webchat.api import AFTER_LIMIT
from bot.channels.webchat.request import BODY_LIMIT, KEY_LIMIT
from bot.domain.messages import Kind, Outcome, Urgency

_REPLY: dict[str, Any] = {
    "type": "object",
    "required": ["text", "html", "kind", "actions"],
    "properties": {
        "text": {"type": "string", "description": "Plain text; line ends matter."},
        "html": {
            "type": "string",
            "description": "The same as safe HTML: p, ul, li, b, i and a (https, tel, sms, and /leaflet/ here) only.",
        },
        "kind": {
            "enum": [kind.value for kind in Kind],
            "description": "danger: helplines, to be shown first and as such.",
        },
        "actions": {"type": "array", "items": {"$ref": "#/components/schemas/Action"}},
        "document": {"$ref": "#/components/schemas/Document"},
    },
}

_SCHEMAS: dict[str, Any] = {
    "Asked": {
        "type": "object",
        "description": "A text, or the key of a button. Other fields are ignored.",
        "properties": {
            "conversation": {
                "type": ["string", "null"],
                "description": "The token of an earlier answer. One that is not known starts a new conversation.",
            },
            "text": {"type": ["string", "null"], "description": "What was written, of any length the body allows."},
            "action": {"type": ["string", "null"], "minLength": 1, "maxLength": KEY_LIMIT},
            "ref": {
                "type": ["string", "null"],
                "maxLength": KEY_LIMIT,
                "description": "Your own id of this message: the same token and ref again is the same message.",
            },
        },
        "oneOf": [
            {"required": ["text"], "properties": {"text": {"type": "string"}, "action": {"type": "null"}}},
            {"required": ["action"], "properties": {"action": {"type": "string"}, "text": {"type": "null"}}},
        ],
    },
    "Action": {
        "type": "object",
        "required": ["label", "action"],
        "properties": {"label": {"type": "string"}, "action": {"type": "string"}},
    },
    "Document": {
        "type": "object",
        "description": "A PDF that goes with the reply, by a GET of `address` at this server; the HTML has the link.",
        "required": ["title", "address", "filename"],
        "properties": {
            "title": {"type": "string"},
            "address": {"type": "string"},
            "filename": {"type": "string"},
        },
    },
    "Reply": _REPLY,
    "LaterReply": {
        "allOf": [
            {"$ref": "#/components/schemas/Reply"},
            {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
        ]
    },
    "Answered": {
        "type": "object",
        "required": ["conversation", "replies", "urgency", "outcome", "topic", "kept"],
        "properties": {
            "conversation": {"type": "string", "description": "The token: the only way back into this conversation."},
            "replies": {"type": "array", "items": {"$ref": "#/components/schemas/Reply"}},
            "urgency": {"enum": [urgency.value for urgency in Urgency]},
            "outcome": {"enum": [outcome.value for outcome in Outcome]},
            "topic": {"type": ["string", "null"]},
            "kept": {
                "type": "boolean",
                "description": "false: the replies stand, but nothing was saved and nobody was told. Send it again.",
            },
        },
    },
    "Later": {
        "type": "object",
        "required": ["replies"],
        "properties": {"replies": {"type": "array", "items": {"$ref": "#/components/schemas/LaterReply"}}},
    },
    "Refused": {
        "type": "object",
        "required": ["error"],
        "properties": {"error": {"type": "string", "description": "What is wrong and what to do."}},
    },
}


def _answer(description: str, schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}


_UNKNOWN_TOKEN = {
    **_answer("No token, or not one of ours.", "Refused"),
    "headers": {"WWW-Authenticate": {"schema": {"const": "Bearer"}}},
}

_POST: dict[str, Any] = {
    "operationId": "sendMessage",
    "summary": "Send a message or press a button",
    "description": "The answer is written as it comes: each reply can be read as soon as it is said, help first.",
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Asked"}}},
    },
    "responses": {
        "200": _answer("The replies, in order.", "Answered"),
        "400": _answer("The body is not JSON.", "Refused"),
        "413": _answer(f"The body is over {BODY_LIMIT} bytes.", "Refused"),
        "415": _answer("The body is not said to be JSON.", "Refused"),
        "422": _answer("JSON of another shape.", "Refused"),
        "500": _answer("Our fault; helplines are named.", "Refused"),
    },
}

_GET: dict[str, Any] = {
    "operationId": "laterReplies",
    "summary": "Replies that came later, oldest first",
    "security": [{"conversation": []}],
    "parameters": [
        {
            "name": "after",
            "in": "query",
            "description": "The id of the last reply you have.",
            "schema": {"type": "string", "maxLength": AFTER_LIMIT},
        }
    ],
    "responses": {
        "200": _answer("Perhaps none.", "Later"),
        "401": _UNKNOWN_TOKEN,
        "422": _answer("`after` is too long.", "Refused"),
        "500": _answer("Our fault; helplines are named.", "Refused"),
        "503": _answer("The store cannot be read just now.", "Refused"),
    },
}

DESCRIPTION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Waymark",
        "version": "1",
        "summary": "Answers for young people leaving care in England",
        "license": {"name": "MIT", "identifier": "MIT"},
    },
    "servers": [{"url": "/"}],
    "paths": {
        "/api/v1/messages": {"post": _POST, "get": _GET},
        "/api/openapi.json": {
            "get": {
                "operationId": "thisDescription",
                "summary": "This description",
                "responses": {
                    "200": {
                        "description": "OpenAPI 3.1",
                        "content": {"application/json": {"schema": {"type": "object"}}},
                    }
                },
            }
        },
    },
    "components": {
        "securitySchemes": {
            "conversation": {"type": "http", "scheme": "bearer", "description": "The token of a conversation."}
        },
        "schemas": _SCHEMAS,
    },
}


async def describe(request: Request) -> Response:
    return JSONResponse(DESCRIPTION)
