"""The board on the first page of the admin panel."""

from django import template

from reports.queries.leadership_board import Board, leadership_board

register = template.Library()


@register.simple_tag
def board() -> Board:
    """Return what sales leadership sees first."""
    return leadership_board()
