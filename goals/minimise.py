"""Smallest value of a function without derivatives."""

from collections.abc import Callable

import numpy as np

from accounts.arithmetic import Floats

MAXIMUM_STEPS = 2_000


def minimise(loss: Callable[[Floats], float], start: Floats, tolerance: float = 1e-9) -> Floats:
    """Return where ``loss`` is smallest near ``start``, by the simplex search of Nelder & Mead (1965)."""
    corners = np.vstack([start, start + 0.5 * np.eye(start.size)])
    losses = np.array([loss(corner) for corner in corners])
    for _ in range(MAXIMUM_STEPS):
        order = np.argsort(losses, kind="stable")
        corners, losses = corners[order], losses[order]
        if np.ptp(corners, axis=0).max() < 1e-6 and losses[-1] - losses[0] <= tolerance * (
            1 + abs(losses[0])
        ):
            break
        corner, value = _better_corner(loss, corners, losses)
        if value < losses[-1]:
            corners[-1], losses[-1] = corner, value
        else:
            corners[1:] = (corners[1:] + corners[0]) / 2
            losses[1:] = [loss(corner) for corner in corners[1:]]
    best: Floats = corners[losses.argmin()]
    return best


def _better_corner(loss: Callable[[Floats], float], corners: Floats, losses: Floats) -> tuple[Floats, float]:
    """Return the reflected worst corner, stretched where that is better still, drawn in where it is not."""
    centre = corners[:-1].mean(axis=0)
    outward = centre - corners[-1]
    reflected = centre + outward
    value = loss(reflected)
    if value < losses[0]:
        stretched = centre + 2 * outward
        further = loss(stretched)
        return (stretched, further) if further < value else (reflected, value)
    if value < losses[-2]:
        return reflected, value
    drawn_in = centre + (0.5 if value < losses[-1] else -0.5) * outward
    return drawn_in, loss(drawn_in)
