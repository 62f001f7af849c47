"""OpenAPI: every operation carries the problem document among its answers."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem document",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


class KamSchema(AutoSchema):
    """drf-spectacular's schema, with operation ids from the path so that they never collide."""

    def get_operation_id(self) -> str:
        names = [part for part in self.path.removeprefix("/api/v1/").split("/") if part and "{" not in part]
        single = "_one" if "{" in self.path.rstrip("/").rsplit("/", 1)[-1] else ""
        return f"{'_'.join(names or ['root']).replace('-', '_')}{single}_{self.method.lower()}"


def add_problem_responses(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Post-processing hook: a ``default`` response with the problem document for each operation."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"]["default"] = {"description": "Problem", "content": content}
    return result
