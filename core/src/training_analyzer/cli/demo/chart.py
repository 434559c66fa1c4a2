"""Fitness, fatigue and form over time, drawn in the terminal."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from plotext import figure

HEIGHT: Final = 17
MARKERS: Final = {"fitness": "braille", "fatigue": "·", "form": "˟"}


def chart(
    days: Sequence[date], series: Mapping[str, Sequence[float | None]], *, width: int, colour: bool
) -> str:
    """Return the lines of `series`, each as long as `days`; a value that is None is left out."""
    figure.clear()
    figure.theme("default" if colour else "colorless")
    figure.plot_size(width, HEIGHT)
    for name, values in series.items():
        known = [(place, value) for place, value in enumerate(values) if value is not None]
        if known:
            places, readings = zip(*known, strict=True)
            line = figure.signal(list(places), list(readings), marker=MARKERS.get(name, "hd"))
            figure.draw(line.lines().label(name))
    firsts = [place for place, day in enumerate(days) if day.day == 1]
    shown = firsts[:: max(1, len(firsts) // 7)]
    if shown:
        figure.ruler("x").ticks(shown, [f"{days[place]:%b %Y}" for place in shown])
    return str(figure.build().string(colorless=not colour))
