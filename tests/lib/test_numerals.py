"""An underscore is no part of a number, wherever one is read."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from rest_framework import serializers

FORM = [forms.IntegerField(), forms.DecimalField(), forms.FloatField()]
BODY = [
    serializers.IntegerField(),
    serializers.DecimalField(max_digits=9, decimal_places=2),
    serializers.FloatField(),
]


@pytest.mark.parametrize("field", FORM)
def test_a_form_takes_no_underscore(field):
    with pytest.raises(ValidationError):
        field.clean("1_0")
    assert field.clean("10") == Decimal(10)


@pytest.mark.parametrize("field", BODY)
def test_a_body_takes_no_underscore(field):
    with pytest.raises(serializers.ValidationError):
        field.run_validation("1_0")
    assert field.run_validation("10") == Decimal(10)
