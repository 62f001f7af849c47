"""Abstract bases of the project's tables."""

from django.db import models

from kam.lib.ids import uuid7


class UUIDModel(models.Model):
    """A row with a time-ordered public id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class TimestampedModel(UUIDModel):
    """A row that knows when it was made and last changed."""

    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True


class VersionedModel(TimestampedModel):
    """A row that people edit: every change counts ``version`` up (kam.lib.versions)."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
