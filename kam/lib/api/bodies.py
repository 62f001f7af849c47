"""What the body of a request may hold."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from rest_framework import serializers


class Body(serializers.Serializer[Any]):
    """The fields of a body, or of an entry in it; a name that is none of them is refused, not passed over."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(map(str, data)) - set(self.fields)) if isinstance(data, Mapping) else []
        if unknown:
            problem = serializers.ErrorDetail(gettext("There is no such field."), code="unknown_field")
            raise serializers.ValidationError({name[:80]: [problem] for name in unknown})
        return super().to_internal_value(data)


class RelatedList(serializers.ManyRelatedField):
    """Ids that are looked up one by one: at most as many as somebody chooses, not as many as a body holds."""

    MAX = 500
    default_error_messages = {"max_length": serializers.ListField.default_error_messages["max_length"]}

    def to_internal_value(self, data: Any) -> list[Any]:
        if isinstance(data, list) and len(data) > self.MAX:
            self.fail("max_length", max_length=self.MAX)
        return list(super().to_internal_value(data))
