"""People as JSON."""

from rest_framework import serializers

from kam.users.models import User


class UserSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "name", "email", "role", "is_active"]
        read_only_fields = fields
