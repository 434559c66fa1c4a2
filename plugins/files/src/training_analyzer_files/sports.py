"""The words for sports that files use, and which of ours each of them is."""

import re
from collections.abc import Mapping

from training_analyzer.sdk import Sport

_WORDS: Mapping[Sport, str] = {
    Sport.RIDE: """
        biking bmx cycling cyclocross ebikeride ebiking ebikefitness emountainbikeride gravelcycling
        gravelride handcycle handcycling indoorcycling mountain mountainbiking mountainbikeride mtb ride
        road roadbiking roadcycling spin trackcycling velomobile virtualride
    """,
    Sport.RUN: """
        indoorrunning obstaclerunning run running streetrunning trackrunning trail trailrun trailrunning
        treadmill treadmillrunning ultra ultrarun virtualrun
    """,
    Sport.SWIM: "lapswimming openwater openwaterswimming poolswim poolswimming swim swimming",
    Sport.WALK: "casualwalking indoorwalking speedwalking walk walking",
    Sport.HIKE: "hike hiking mountaineering rucking snowshoe snowshoeing",
    Sport.ROW: "indoorrowing rowing virtualrow",
    # Skiing by one's own power; that of lifts is alpine.
    Sport.NORDIC_SKI: """
        backcountry backcountryski crosscountryskiing nordicski rollerski rollerskiing skateskiing
    """,
    Sport.ALPINE_SKI: "alpineski alpineskiing downhillskiing resortskiing snowboard snowboarding",
    Sport.STRENGTH: "crossfit strength strengthtraining weighttraining",
}
_TRANSLATED: Mapping[Sport, str] = {
    Sport.RIDE: """
        bicicleta fahrradfahren fahrt fietsen fietsrit giroinbici pedalada radfahrt sortieàvélo vélo
    """,
    Sport.RUN: "lauf courseàpied carrera corsa hardlopen corrida",
    Sport.SWIM: "schwimmen natation natación nuoto zwemmen natação",
    Sport.WALK: "spaziergang marche caminata camminata wandeling caminhada",
    Sport.HIKE: "wanderung wandern randonnée senderismo escursionismo",
}
"""Words of Strava's list in the athlete's language, for what was entered by hand: no file tells the sport."""
_WORDS_OF_ALL = [(sport, words) for one in (_WORDS, _TRANSLATED) for sport, words in one.items()]
_SPORTS: Mapping[str, Sport] = {word: sport for sport, words in _WORDS_OF_ALL for word in words.split()}

_INDOOR = frozenset(
    {
        "elliptical",
        "indoorclimbing",
        "indoorcycling",
        "indoorrowing",
        "indoorrunning",
        "indoorskiing",
        "indoorwalking",
        "spin",
        "stairclimbing",
        "strengthtraining",
        "treadmill",
        "treadmillrunning",
        "virtualactivity",
        "virtualride",
        "virtualrow",
        "virtualrun",
    }
)


def sport_of(*words: str) -> Sport:
    """Return the sport that the first word of all that we know stands for; OTHER where we know none."""
    return next((sport for word in words if (sport := _SPORTS.get(_plain(word)))), Sport.OTHER)


def is_indoor(*words: str) -> bool:
    return any(_plain(word) in _INDOOR for word in words)


def _plain(word: str) -> str:
    return re.sub(r"[\W_]+", "", word).lower()
