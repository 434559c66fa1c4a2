"""Strava's words for sports, and which of ours each of them is."""

from collections.abc import Mapping

from training_analyzer.sdk import Sport

_NAMES: Mapping[Sport, str] = {
    Sport.RIDE: """
        EBikeRide EMountainBikeRide GravelRide Handcycle MountainBikeRide Ride Velomobile VirtualRide
    """,
    Sport.RUN: "Run TrailRun VirtualRun",
    Sport.SWIM: "Swim",
    Sport.WALK: "Walk",
    Sport.HIKE: "Hike Snowshoe",
    Sport.ROW: "Rowing VirtualRow",
    # Skiing by one's own power; that of lifts is alpine.
    Sport.NORDIC_SKI: "BackcountrySki NordicSki RollerSki",
    Sport.ALPINE_SKI: "AlpineSki Snowboard",
    Sport.STRENGTH: "Crossfit WeightTraining",
    Sport.OTHER: """
        Badminton Basketball Canoeing Cricket Dance Elliptical Golf HighIntensityIntervalTraining
        IceSkate InlineSkate Kayaking Kitesurf Padel PhysicalTherapy Pickleball Pilates Racquetball
        RockClimbing Sail Skateboard Soccer Squash StairStepper StandUpPaddling Surfing TableTennis
        Tennis Volleyball Wheelchair Windsurf Workout Yoga
    """,
}
SPORTS: Mapping[str, Sport] = {name: sport for sport, names in _NAMES.items() for name in names.split()}
"""Every `sport_type` of Strava's API description of 2026-05. The older `type` uses the same words."""

VIRTUAL = frozenset({"VirtualRide", "VirtualRow", "VirtualRun"})


def sport_of(name: str) -> Sport:
    """Return our sport. Strava adds new ones unannounced: those are OTHER."""
    return SPORTS.get(name, Sport.OTHER)
