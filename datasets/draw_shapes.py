"""Draws one labelled image of textured shapes on a cluttered background.

Shapes are signed distance fields (pixels to the outline, negative inside): one array gives the anti-aliased edge, the
exact mask and the void border. Colours are in 0..1, `[H, W, 3] float32`, until the end.
"""

from __future__ import annotations

import colorsys

import numpy as np
from PIL import Image

from schema.record import VOID

_SIDES = 96, 240  # pixels, shortest and longest
_RADIUS = 0.17, 0.3  # of the short side
_VOID_BORDER = 3  # pixels, across the outline
_CLASSES = 4  # disc, square, triangle, star
_HUES = 0.57, 0.01, 0.36, 0.13


def draw_shapes(rng: np.random.Generator, first: int) -> tuple[np.ndarray, np.ndarray]:
    """An image `[H, W, 3] uint8` and its mask `[H, W] uint8`: 0 background, 1 disc, 2 square, 3 triangle, 4 star.

    Args:
        rng: the only source of randomness.
        first: the class, 1..4, that is drawn whatever the others; 2 to 4 shapes of different classes are.
    """
    width, height = rng.integers(_SIDES[0], _SIDES[1] + 1, 2)
    y, x = np.mgrid[:height, :width].astype(np.float32) + 0.5
    image = _background(rng, x, y)
    mask = np.zeros((height, width), np.uint8)
    others = [class_ for class_ in rng.permutation(_CLASSES) + 1 if class_ != first]
    classes = rng.permutation([first, *others[: rng.integers(1, _CLASSES)]])
    for class_, (center, radius) in zip(classes, _places(rng, width, height, len(classes)), strict=True):
        angle = rng.uniform(0, 2 * np.pi)
        outline = _outline(rng, class_)
        u, v = _rotate((x - center[0]) / radius, (y - center[1]) / radius, angle)
        distance = _distance(outline, u, v) * radius
        shift = radius * 0.12
        u_shadow, v_shadow = _rotate((x - center[0] - shift) / radius, (y - center[1] - shift) / radius, angle)
        shadow = _distance(outline, u_shadow, v_shadow) * radius
        image *= 1 - 0.45 * np.clip(0.5 - shadow / (0.25 * radius), 0, 1)[..., None]
        light = 1 + 0.16 * np.clip((center[0] - x + center[1] - y) / radius, -1, 1)
        _blend(image, _texture(rng, class_, x, y, radius) * light[..., None], distance)
        mask[distance < 0] = class_
        mask[np.abs(distance) < _VOID_BORDER / 2] = VOID
    image += rng.normal(0, rng.uniform(0.005, 0.02), image.shape).astype(np.float32)
    return (np.clip(image, 0, 1) * 255).round().astype(np.uint8), mask


def _places(rng: np.random.Generator, width: int, height: int, number: int) -> list[tuple[np.ndarray, float]]:
    """Centres and radii in pixels: each the loosest of a few tries, so that shapes overlap but seldom vanish."""
    size = np.array([width, height])
    places: list[tuple[np.ndarray, float]] = []
    for _ in range(number):
        radius = rng.uniform(*_RADIUS) * min(width, height)
        tries = rng.uniform(0.6 * radius, size - 0.6 * radius, (4, 2))
        gaps = [min((np.hypot(*(center - c)) / (radius + r) for c, r in places), default=0) for center in tries]
        places.append((tries[int(np.argmax(gaps))], radius))
    return places


def _outline(rng: np.random.Generator, class_: int) -> np.ndarray | None:
    """`[N, 2]` corners in the unit circle; None for the disc."""
    if class_ == 1:
        return None
    corners = {2: 4, 3: 3, 4: 10}[class_]
    angles = np.arange(corners) * 2 * np.pi / corners
    radii = np.where(np.arange(corners) % 2, rng.uniform(0.45, 0.55), 1.0) if class_ == 4 else np.ones(corners)
    return np.stack([radii * np.cos(angles), radii * np.sin(angles)], 1)


def _distance(outline: np.ndarray | None, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """`[H, W] float32`: the signed distance of each point to the unit circle, or to a polygon."""
    if outline is None:
        return np.hypot(x, y) - np.float32(0.9)
    nearest = np.full(x.shape, np.inf, np.float32)
    inside = np.zeros(x.shape, bool)
    for (ax, ay), (bx, by) in zip(outline.tolist(), np.roll(outline, 1, 0).tolist(), strict=True):
        ex, ey, px, py = bx - ax, by - ay, x - ax, y - ay
        along = np.clip((px * ex + py * ey) / (ex * ex + ey * ey), 0, 1)
        nearest = np.minimum(nearest, (px - ex * along) ** 2 + (py - ey * along) ** 2)
        if ey:  # even-odd rule: a ray to the right crosses this edge
            inside ^= ((y < ay) != (y < by)) & (px < ex * py / ey)
    return np.sqrt(nearest) * np.where(inside, np.float32(-1), np.float32(1))


def _texture(rng: np.random.Generator, class_: int, x: np.ndarray, y: np.ndarray, radius: float) -> np.ndarray:
    """`[H, W, 3]`: two tones of the class's hue in its pattern: dots, checks, stripes, zigzags."""
    hue = _HUES[class_ - 1] + rng.uniform(-0.06, 0.06)  # neighbours meet: colour is a hint, not the answer
    tone = _vivid(rng, hue)
    if rng.random() < 0.5:
        other = _color(hue + rng.uniform(-0.03, 0.03), rng.uniform(0.1, 0.3), rng.uniform(0.88, 1.0))
    else:
        other = _color(hue + rng.uniform(-0.03, 0.03), rng.uniform(0.6, 0.9), rng.uniform(0.25, 0.4))
    period = radius * rng.uniform(0.35, 0.55)
    u, v = _rotate(x, y, rng.uniform(0, 2 * np.pi))
    u, v = (u / period + rng.uniform()) * 2 * np.pi, (v / period + rng.uniform()) * 2 * np.pi
    if class_ == 1:
        wave = np.cos(u) + np.cos(v) - 0.6
    elif class_ == 2:
        wave = np.sin(u / 2) * np.sin(v / 2)
    elif class_ == 3:
        wave = np.sin(u) - 0.2
    else:
        wave = np.sin(u + 1.5 * np.sin(v)) - 0.2
    share = np.clip(0.5 + wave * period / 6, 0, 1)[..., None]  # an edge of about a pixel
    return tone + (other - tone) * share


def _background(rng: np.random.Generator, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """`[H, W, 3]`: a muted gradient, cloudy, with lines and plain, untextured blobs in the outlines of the classes."""
    height, width = x.shape
    u, _ = _rotate(x / width - 0.5, y / height - 0.5, rng.uniform(0, 2 * np.pi))
    start, end = _muted(rng), _muted(rng)
    image = start + (end - start) * np.clip(u + 0.5, 0, 1)[..., None]
    clouds = Image.fromarray(rng.uniform(-1, 1, rng.integers(3, 9, 2)).astype(np.float32))
    image += 0.1 * np.asarray(clouds.resize((width, height), Image.Resampling.BICUBIC))[..., None]
    for _ in range(rng.integers(3, 8)):
        radius = rng.uniform(0.05, 0.3) * min(width, height)
        u, v = _rotate(x - rng.uniform(0, width), y - rng.uniform(0, height), rng.uniform(0, 2 * np.pi))
        distance = _distance(_outline(rng, int(rng.integers(1, _CLASSES + 1))), u / radius, v / radius) * radius
        color = _muted(rng) if rng.random() < 0.8 else _vivid(rng, rng.uniform())
        _blend(image, color, distance, opacity=rng.uniform(0.3, 0.9))
    for _ in range(rng.integers(2, 6)):
        u, _ = _rotate(x - rng.uniform(0, width), y - rng.uniform(0, height), rng.uniform(0, 2 * np.pi))
        _blend(image, _muted(rng), np.abs(u) - rng.uniform(0.5, 2), opacity=rng.uniform(0.3, 0.9))
    return image


def _blend(image: np.ndarray, color: np.ndarray, distance: np.ndarray, opacity: float = 1) -> None:
    """Paints `color` where `distance` is negative, in place; half a pixel on both sides is the anti-aliased edge."""
    image += (color - image) * (opacity * np.clip(0.5 - distance, 0, 1))[..., None].astype(np.float32)


def _muted(rng: np.random.Generator) -> np.ndarray:
    return _color(rng.uniform(), rng.uniform(0, 0.25), rng.uniform(0.3, 0.9))


def _vivid(rng: np.random.Generator, hue: float) -> np.ndarray:
    return _color(hue, rng.uniform(0.6, 0.9), rng.uniform(0.6, 0.9))


def _color(hue: float, saturation: float, value: float) -> np.ndarray:
    return np.array(colorsys.hsv_to_rgb(hue % 1, saturation, value), np.float32)


def _rotate(x: np.ndarray, y: np.ndarray, angle: float) -> tuple[np.ndarray, np.ndarray]:
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    return x * cos + y * sin, y * cos - x * sin
