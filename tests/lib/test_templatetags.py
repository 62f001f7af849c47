"""What templates format with."""

from django import forms

from kam.lib.templatetags.ui import below_label, domain_text


def test_a_domain_breaks_at_its_joints_and_stays_harmless() -> None:
    assert domain_text("werk-nord.example") == "werk-<wbr>nord<wbr>.example"
    assert "<script" not in domain_text("<script>.example")


def test_a_control_keeps_what_it_began_with_and_loses_only_its_placeholder() -> None:
    class Street(forms.Form):
        street = forms.CharField(
            show_hidden_initial=True, widget=forms.TextInput(attrs={"placeholder": "Street"})
        )

    drawn = below_label(Street(initial={"street": "Elm 1"})["street"])
    assert ('name="initial-street"' in drawn, "placeholder" in drawn) == (True, False)
