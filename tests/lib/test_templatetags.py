"""What templates format with."""

from kam.lib.templatetags.ui import domain_text


def test_a_domain_breaks_at_its_joints_and_stays_harmless() -> None:
    assert domain_text("werk-nord.example") == "werk-<wbr>nord<wbr>.example"
    assert "<script" not in domain_text("<script>.example")
