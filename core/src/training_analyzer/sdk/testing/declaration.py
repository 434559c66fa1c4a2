"""What every calculator says of itself, and how it has to be said."""

from training_analyzer.sdk import ActivityMetrics, DailyMetrics, Metric


class DeclarationContract:
    """What activity metrics and daily metrics have in common: what they say of themselves."""

    def declared(self, calculator: ActivityMetrics | DailyMetrics) -> tuple[Metric, ...]:
        metrics = calculator.metrics
        assert metrics, "declare at least one metric in `metrics`"
        assert all(isinstance(metric, Metric) for metric in metrics), "`metrics` holds Metric objects only"
        return metrics

    def check_declaration(self, calculator: ActivityMetrics | DailyMetrics) -> None:
        keys = [metric.key for metric in self.declared(calculator)]
        assert len(keys) == len(set(keys)), f"a key is declared twice: {keys}"
        plugins = {key.partition(".")[0] for key in keys}
        assert len(plugins) == 1, f"all keys begin with the name of one plugin, not with {sorted(plugins)}"

    def check_explanation(self, calculator: ActivityMetrics | DailyMetrics) -> None:
        for metric in self.declared(calculator):
            assert metric.title, f"{metric.key} has no title"
            assert metric.explanation.endswith("."), (
                f"the explanation of {metric.key} is a sentence, with a full stop"
            )
            assert metric.formula, f"{metric.key} does not say how it is computed"
            assert metric.source, f"{metric.key} does not say who defined it"
            assert metric.decimals >= 0, f"{metric.key} shows a number of decimals below zero"

    def check_needs(self, calculator: ActivityMetrics | DailyMetrics) -> None:
        assert isinstance(calculator.needs, frozenset), "`needs` is a frozenset of metric keys"
        own = {metric.key for metric in self.declared(calculator)}
        assert not calculator.needs & own, f"it needs what it makes itself: {sorted(calculator.needs & own)}"

    def check_version(self, calculator: ActivityMetrics | DailyMetrics) -> None:
        assert isinstance(calculator.version, int), "`version` is a whole number"
        assert calculator.version >= 1, "`version` begins at 1"
