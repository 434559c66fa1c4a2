"""A number that may be said: a fact, or what facts imply."""

from dataclasses import dataclass, field
from typing import Final, Literal

from training_analyzer.analysis.grounding.units import Dimension

Direction = Literal["up", "down", "flat"]
UP_OR_DOWN: Final = frozenset({"up", "down"})
IN_POINTS: Final = frozenset({"fitness", "fatigue", "form"})
"""What is told apart by points, and not by parts of itself."""
TURNED: Final[dict[str, Direction]] = {"up": "down", "down": "up"}
Role = Literal["now", "usual", "change", "part"]
"""Part: what one number is of another, as a percentage or a multiple."""
LEVELS: Final[tuple[Role, ...]] = ("now", "usual")
"""Numbers that something is at, and not how far two of them are apart."""
Statistic = Literal["average", "peak", "normalized"]

AVERAGING: Final = frozenset(
    {"usual", "usually", "average", "averaged", "typical", "normal", "baseline", "mean", "norm"}
)
"""Words of ids and labels."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A number that may be said, of what it may be said, and in which role."""

    ids: tuple[str, ...]
    concepts: frozenset[str]
    sports: frozenset[str]
    role: Role
    dimension: Dimension
    values: tuple[float, ...]
    """In the unit of the dimension: as it is, and as it is shown."""
    own: tuple[float, ...]
    """In the fact's own unit, for numbers without one."""
    slack: float = 0.0
    """What rounding before a calculation may have changed."""
    direction: Direction | None = None
    days: frozenset[float] = frozenset()
    statistic: Statistic | None = None
    """Which of many values a fact of now is: on average, or at its highest."""
    leans: Direction | None = None
    """Where it is flat: to which side it is, however little."""
    things: frozenset[str] = frozenset()
    """What the fact alone is of: indoors, intervals, a plan."""
    zones: frozenset[int] = frozenset()
    against: frozenset[float] = frozenset()
    """Of a change: the span of days that it is said to be against."""
    earlier: bool = False
    """It is how it was once ("a week ago"), or compared with that, and not with what is usual."""
    base: str = ""
    """The id of what it is how it is now, usually, or how much it changed: "load_7d" of "load_7d_change"."""
    stem: str = ""
    """The same without its span of time: "load"."""
    per: str = ""
    """What it is divided by ("week", "session"); it holds only where the text says so."""

    derived: bool = field(init=False)
    """It follows from two facts, and is none itself."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "derived", len(self.ids) > 1)


def what(metrics: frozenset[str]) -> str:
    """Return metrics or sports as the report of what does not hold says them."""
    return " or ".join(sorted(metrics)).replace("_", " ") or "anything"
