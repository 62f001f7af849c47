"""OpenAPI: every operation carries the problem document among its answers."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

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
    """drf-spectacular's schema, with operation ids from the path so that they never collide, and with our lists."""

    def get_operation_id(self) -> str:
        names = [part for part in self.path.removeprefix("/api/v1/").split("/") if part and "{" not in part]
        single = "_one" if "{" in self.path.rstrip("/").rsplit("/", 1)[-1] else ""
        return f"{'_'.join(names or ['root']).replace('-', '_')}{single}_{self.method.lower()}"

    def _is_list_view(self, serializer: Any = None) -> bool:
        # The library tells lists by REST framework's mixins, which ours do without.
        is_list = self.method == "GET" and getattr(self.view, "is_list", False)
        return is_list or super()._is_list_view(serializer)  # type: ignore[no-any-return]  # the library has no types

    def get_filter_backends(self) -> list[Any]:
        return super().get_filter_backends() if self.method == "GET" else []

    def _get_paginator(self) -> Any:
        # What a POST answers with many rows is a plain list.
        return super()._get_paginator() if self.method == "GET" else None

    def get_override_parameters(self) -> list[Any]:
        """Return what is asked for in words of our own, and what every list and object may be asked."""
        found = [*super().get_override_parameters()]
        if self.method != "GET" or not hasattr(self.view, "expandable"):
            return found
        found.append(OpenApiParameter("fields", description="names of fields, separated by commas"))
        if names := ", ".join(sorted(self.view.expandable)):
            found.append(OpenApiParameter("expand", description=f"of these, separated by commas: {names}"))
        return found


def add_problem_responses(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Post-processing hook: a ``default`` response with the problem document for each operation."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"]["default"] = {"description": "Problem", "content": content}
    return result
