"""What providers' terms restrict, and what the deployer has decided about it, in plain words."""

from collections.abc import Iterator

from training_analyzer.domain.rights import DataRights
from training_analyzer.sdk import ProviderInfo
from training_analyzer.settings import PREFIX, RightsOverride


def terms_of(info: ProviderInfo, override: RightsOverride | None) -> Iterator[str]:
    """Say for one provider what its terms ask, and what is configured."""
    rights = info.rights
    where = f" The terms: {rights.terms_url}" if rights.terms_url else ""
    if not rights.ai:
        yield _about_ai(info, override) + where
    if rights.retention_days is not None:
        yield (
            f"Documents from {info.title} are kept until the athlete disconnects, although the terms ask for "
            f"at most {_days(rights)}. You, who run this, answer for that choice.{where}"
        )


def _about_ai(info: ProviderInfo, override: RightsOverride | None) -> str:
    variable = f"{PREFIX}RIGHTS__{info.name.upper()}__AI=allow"
    if override is not None and override.ai == "allow":
        return (
            f"AI on {info.title}-derived numbers is on, by {variable}, although the terms forbid it. "
            "You, who run this, answer for that choice."
        )
    return f"AI on {info.title}-derived numbers is off until {variable}. Insights are written by the rules."


def _days(rights: DataRights) -> str:
    return "1 day" if rights.retention_days == 1 else f"{rights.retention_days} days"
