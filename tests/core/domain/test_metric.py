"""Values of metrics: what a curve may look like."""

import pytest
from pydantic import ValidationError

from training_analyzer.domain.metric import Curve


def test_a_curve_may_tell_where_each_best_began() -> None:
    curve = Curve(seconds=(1, 5), values=(900, 700), starts_s=(12, 10))
    assert curve.starts_s == (12, 10)
    assert Curve.model_validate_json(curve.model_dump_json()) == curve


def test_a_curve_that_does_not_tell_is_as_good() -> None:
    assert Curve(seconds=(1, 5), values=(900, 700)).starts_s is None
    assert Curve.model_validate_json('{"seconds": [1], "values": [900]}').starts_s is None


@pytest.mark.parametrize("starts_s", [(), (12,), (12, 10, 8)])
def test_it_tells_of_each_best_or_of_none(starts_s: tuple[float, ...]) -> None:
    with pytest.raises(ValidationError, match="of each"):
        Curve(seconds=(1, 5), values=(900, 700), starts_s=starts_s)


@pytest.mark.parametrize("seconds", [(5.0, 1.0), (1.0, 1.0), (1.0,)])
def test_durations_ascend_and_each_has_a_value(seconds: tuple[float, ...]) -> None:
    with pytest.raises(ValidationError, match="ascending"):
        Curve(seconds=seconds, values=(900, 700))
