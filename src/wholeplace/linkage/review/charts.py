"""Charts as SVG text, drawn here and shown as they are: on pages, and beside the model card.

Readable in black and white: what speaks for one person is filled, what speaks against is
hatched, and every bar bears its figure. A table with the same figures always stands beside one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["Bar", "draw_bars", "draw_columns", "draw_waterfall"]

_WIDTH, _LABEL, _ROW, _BAR = 720, 300, 30, 18
_FONT = 'font-family="Arial, sans-serif" font-size="14"'


@dataclass(frozen=True)
class Bar:
    """One bar: its words and its figure, above or below nought."""

    label: str
    value: float


def draw_bars(bars: Sequence[Bar], *, title: str, name: str, unit: str = "") -> str:
    """Return horizontal bars on both sides of nought.

    Args:
        bars: from the top.
        title: what the chart shows, for those who cannot see it.
        name: unique on the page.
        unit: words after every figure.
    """
    spans = [(min(bar.value, 0.0), max(bar.value, 0.0)) for bar in bars]
    return _draw(bars, spans, title, name, unit)


def draw_waterfall(start: float, bars: Sequence[Bar], *, title: str, name: str) -> str:
    """Return bars that each begin where the one before ended: from a start to a sum."""
    here, spans, rows = (
        start,
        [(min(start, 0.0), max(start, 0.0))],
        [Bar("Before comparing", start)],
    )
    for bar in bars:
        spans.append((min(here, here + bar.value), max(here, here + bar.value)))
        rows.append(bar)
        here += bar.value
    spans.append((min(here, 0.0), max(here, 0.0)))
    rows.append(Bar("All together", here))
    return _draw(rows, spans, title, name, "")


def draw_columns(
    groups: Sequence[tuple[str, Sequence[float]]], kinds: Sequence[str], *, title: str, name: str
) -> str:
    """Return columns by group, one for each kind beside another; shares of 1.

    Args:
        groups: (words of the group, a share for each kind).
        kinds: words of each kind; at most three.
        title: what the chart shows, for those who cannot see it.
        name: unique on the page.
    """
    height, floor, top = 260, 200, 30
    most = max((share for _, shares in groups for share in shares), default=0.0) or 1.0
    step = (_WIDTH - 40) / max(len(groups), 1)
    wide = step * 0.8 / max(len(kinds), 1)
    parts = [_open(height, title, name), _patterns(name)]
    for place, words in enumerate(kinds):
        parts.append(
            f'<rect x="{20 + place * 200}" y="4" width="16" height="14" fill="{_fill(place, name)}" '
            f'stroke="#0b0c0c"/><text x="{42 + place * 200}" y="16" {_FONT}>{escape(words)}</text>'
        )
    for at, (words, shares) in enumerate(groups):
        left = 20 + at * step
        for place, share in enumerate(shares):
            tall = (floor - top - 10) * share / most
            parts.append(
                f'<rect x="{left + place * wide:.1f}" y="{floor - tall:.1f}" width="{wide:.1f}" '
                f'height="{tall:.1f}" fill="{_fill(place, name)}" stroke="#0b0c0c"/>'
            )
        parts.append(
            f'<text x="{left + step * 0.4:.1f}" y="{floor + 20}" text-anchor="middle" {_FONT}>'
            f"{escape(words)}</text>"
        )
    parts.append(
        f'<line x1="20" x2="{_WIDTH - 20}" y1="{floor}" y2="{floor}" stroke="#0b0c0c"/></svg>'
    )
    return "".join(parts)


def _draw(
    bars: Sequence[Bar], spans: Sequence[tuple[float, float]], title: str, name: str, unit: str
) -> str:
    low = min([0.0, *(span[0] for span in spans)])
    high = max([0.0, *(span[1] for span in spans)])
    scale = (_WIDTH - _LABEL - 130) / ((high - low) or 1.0)
    height = _ROW * len(bars) + 10

    def place(value: float) -> float:
        return _LABEL + 10 + (value - low) * scale

    parts = [_open(height, title, name), _patterns(name)]
    parts.append(
        f'<line x1="{place(0):.1f}" x2="{place(0):.1f}" y1="0" y2="{height}" stroke="#505a5f"/>'
    )
    for row, (bar, (left, right)) in enumerate(zip(bars, spans, strict=True)):
        top = row * _ROW + 6
        fill = "#1d70b8" if bar.value >= 0 else f"url(#{name}-hatch)"
        parts.append(
            f'<text x="{_LABEL}" y="{top + 14}" text-anchor="end" {_FONT}>'
            f"{escape(_short(bar.label))}</text>"
            f'<rect x="{place(left):.1f}" y="{top}" width="{max((right - left) * scale, 1):.1f}" '
            f'height="{_BAR}" fill="{fill}" stroke="#0b0c0c"/>'
            f'<text x="{place(max(right, 0)) + 6:.1f}" y="{top + 14}" {_FONT}>'
            f"{bar.value:+.1f}{escape(unit)}</text>"
        )
    return "".join([*parts, "</svg>"])


def _open(height: int, title: str, name: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'class="wp-chart" aria-labelledby="{name}-title" focusable="false">'
        f'<title id="{name}-title">{escape(title)}</title>'
    )


def _patterns(name: str) -> str:
    return (
        f'<defs><pattern id="{name}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="6" fill="#ffffff"/>'
        '<rect width="2.5" height="6" fill="#d4351c"/></pattern>'
        f'<pattern id="{name}-dots" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<rect width="6" height="6" fill="#ffffff"/><circle cx="3" cy="3" r="1.4" fill="#0b0c0c"/>'
        "</pattern></defs>"
    )


def _fill(place: int, name: str) -> str:
    return ("#1d70b8", f"url(#{name}-hatch)", f"url(#{name}-dots)")[place % 3]


def _short(words: str) -> str:
    return words if len(words) <= 42 else f"{words[:41]}…"
