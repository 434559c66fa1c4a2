"""
A made-up athlete: a year of training that ends now, computed from a seed when it is asked for.

The plan of the year is made at once; an outing's samples, and the figures of its summary, are made at
the first request for them. The same seed gives the same bytes, in any order of requests.
"""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from training_analyzer_strava.simulator.details import detail_of, gear_summary
from training_analyzer_strava.simulator.device import samples_of
from training_analyzer_strava.simulator.faults import encoded
from training_analyzer_strava.simulator.figures import ZONE_BOUNDS_BPM
from training_analyzer_strava.simulator.physiology import ATHLETE_KG, FTP_W
from training_analyzer_strava.simulator.samples import Samples
from training_analyzer_strava.simulator.season import Outing, outings
from training_analyzer_strava.simulator.summaries import summary_of
from training_analyzer_strava.simulator.world import Listed, Streams, World

DAYS_BACK = 365
DAYS_AHEAD = 60
"""The plan goes on, so that new activities appear when the clock is moved."""

SAMPLES_KEPT = 24
FIRST_ATHLETE_ID = 91_000_000
NAMES = (("Alex", "Rivers"), ("Kim", "Hollis"), ("Sam", "Brandt"), ("Robin", "Vale"), ("Toni", "Marsh"))
ZONES_OF_FTP = (0.55, 0.75, 0.90, 1.05, 1.20, 1.50)


def generated_world(seed: int, now: datetime, athletes: int = 1) -> World:
    """A world of made-up athletes, with the seeds from `seed` on, whose year ends at `now`."""
    return World(GeneratedAthlete(each, now) for each in range(seed, seed + athletes))


class GeneratedAthlete:
    """One made-up athlete."""

    def __init__(self, seed: int, now: datetime) -> None:
        today = now.astimezone(UTC).date()
        plan = outings(seed, today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD))
        self._seed = seed
        self._outings = {outing.activity_id: outing for outing in plan}
        self._newest_first = sorted(self._outings.values(), key=lambda outing: outing.start, reverse=True)
        self._summaries: dict[int, dict[str, Any]] = {}
        self._summary_bytes: dict[int, bytes] = {}
        self._samples: OrderedDict[int, Samples] = OrderedDict()

    @property
    def athlete_id(self) -> int:
        return FIRST_ATHLETE_ID + self._seed

    @property
    def display_name(self) -> str:
        return " ".join(NAMES[self._seed % len(NAMES)])

    def summary(self) -> bytes:
        return encoded(self._described())

    def profile(self) -> bytes:
        return encoded(
            {
                **self._described(),
                "resource_state": 3,
                "blocked": False,
                "can_follow": True,
                "follower_count": 41,
                "friend_count": 37,
                "mutual_friend_count": 0,
                "athlete_type": 0,
                "date_preference": "%d/%m/%Y",
                "measurement_preference": "meters",
                "clubs": [],
                "postable_clubs_count": 0,
                "ftp": round(FTP_W),
                "weight": ATHLETE_KG,
                "bikes": [gear_summary("b7000001")],
                "shoes": [gear_summary("g7000002")],
            }
        )

    def zones(self) -> bytes:
        watts = [round(FTP_W * fraction) for fraction in ZONES_OF_FTP]
        return encoded(
            {
                "heart_rate": {"custom_zones": False, "zones": _zones(ZONE_BOUNDS_BPM)},
                "power": {"zones": _zones(watts)},
            }
        )

    def activities(self, now: datetime) -> Sequence[Listed]:
        return [
            Listed(outing.activity_id, int(outing.start.timestamp()), outing.session.only_me)
            for outing in self._newest_first
            if outing.surely_over <= now
        ]

    def activity_summary(self, activity_id: int) -> bytes:
        if activity_id not in self._summary_bytes:
            self._summary_bytes[activity_id] = encoded(self._summary(activity_id))
        return self._summary_bytes[activity_id]

    def activity_detail(self, activity_id: int) -> bytes:
        outing = self._outings[activity_id]
        return encoded(detail_of(self._summary(activity_id), outing, self._samples_of(outing)))

    def activity_streams(self, activity_id: int, keys: Collection[str]) -> Streams | None:
        samples = self._samples_of(self._outings[activity_id])
        return samples.as_streams(keys) if samples else None

    def _summary(self, activity_id: int) -> dict[str, Any]:
        if activity_id not in self._summaries:
            outing = self._outings[activity_id]
            self._summaries[activity_id] = summary_of(self.athlete_id, outing, self._samples_of(outing))
        return self._summaries[activity_id]

    def _samples_of(self, outing: Outing) -> Samples | None:
        """The outing's samples, made again if they were not kept; None for a manual entry."""
        if outing.session.manual:
            return None
        number = outing.activity_id
        if number not in self._samples:
            self._samples[number] = samples_of(self._seed, outing)
        self._samples.move_to_end(number)
        while len(self._samples) > SAMPLES_KEPT:
            self._samples.popitem(last=False)
        return self._samples[number]

    def _described(self) -> dict[str, Any]:
        first, last = NAMES[self._seed % len(NAMES)]
        return {
            "id": self.athlete_id,
            "username": f"{first}_{last}_{self._seed}".lower(),
            "resource_state": 2,
            "firstname": first,
            "lastname": last,
            "bio": None,
            "city": "Freiburg",
            "state": "Baden-Württemberg",
            "country": "Germany",
            "sex": None,
            "premium": False,
            "summit": False,
            "created_at": "2019-03-02T10:11:12Z",
            "updated_at": "2025-09-27T12:57:32Z",
            "badge_type_id": 0,
            "profile_medium": "avatar/athlete/medium.png",
            "profile": "avatar/athlete/large.png",
            "friend": None,
            "follower": None,
        }


def _zones(bounds: Sequence[int]) -> list[dict[str, int]]:
    """Zones between the bounds; neighbours share a bound, and -1 is the open end."""
    edges = [0, *bounds, -1]
    return [{"min": low, "max": high} for low, high in pairwise(edges)]
