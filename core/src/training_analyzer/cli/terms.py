"""What providers' terms restrict, and what the deployer has decided about it, in plain words."""

from collections.abc import Iterator

from training_analyzer.sdk import ProviderInfo
from training_analyzer.settings import PREFIX, RightsOverride


def terms_of(info: ProviderInfo, override: RightsOverride | None) -> Iterator[str]:
    """Say for one provider what its terms ask, and what is configured."""
    rights = info.rights
    where = f" The terms: {rights.terms_url}" if rights.terms_url else ""
    if not rights.ai:
        yield _about_ai(info, override) + where
    if rights.retention_days is not None or (override is not None and override.retention_days is not None):
        yield _about_retention(info, override) + where


def _about_retention(info: ProviderInfo, override: RightsOverride | None) -> str:
    asked = info.rights.retention_days
    kept = None if override is None else override.retention_days
    if override is None or kept is None:
        assert asked is not None
        return (
            f"Documents from {info.title} are kept until the athlete disconnects, although the terms ask for "
            f"at most {_days(asked)}. You, who run this, answer for that choice."
        )
    derived = "kept" if override.derived == "keep" else "erased with them"
    said = (
        f"Documents from {info.title} are erased {_days(kept)} after they were received; "
        f"numbers are {derived}."
    )
    if asked is not None and kept > asked:
        said += f" The terms ask for at most {_days(asked)}. You, who run this, answer for that choice."
    return said


def _about_ai(info: ProviderInfo, override: RightsOverride | None) -> str:
    variable = f"{PREFIX}RIGHTS__{info.name.upper()}__AI=allow"
    if override is not None and override.ai == "allow":
        return (
            f"AI on {info.title}-derived numbers is on, by {variable}, although the terms forbid it. "
            "You, who run this, answer for that choice."
        )
    return f"AI on {info.title}-derived numbers is off until {variable}. Insights are written by the rules."


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
