"""
Makes `cases/mutated.jsonl`: what is wrong in one place, from texts that hold; and harmless variants.

It knows nothing of the verifier, and its output is kept: run it by hand, and read what changed.
`python -m tests.grounding.mutations`
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from typing import Final

from tests.grounding.corpus import CASES, Case, by_hand, facts_of

NUMBER: Final = re.compile(r"(?<![\w.,:'+/-])\d+(?:[.,]\d+)?(?![\d:'/x]|[.,]\d)")
WINDOWS: Final = re.compile(
    r"\s*(?:-|\s)?(?:day|week|minute|Tag|Woche|Minuten-Leistung|semaine|hour)", re.IGNORECASE
)
SPELLED: Final = {
    "en": ["two", "three", "four", "five", "six", "seven", "eight", "nine", "eleven", "twenty", "thirty"],
    "de": ["zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "elf"],
    "fr": ["deux", "trois", "quatre", "cinq", "onze"],
    "es": ["dos", "tres", "cuatro", "cinco", "once"],
    "it": ["due", "tre", "quattro", "cinque", "undici"],
    "nl": ["twee", "drie", "vier", "vijf", "elf"],
    "pt": ["duas", "três", "quatro", "cinco", "onze"],
}
OPPOSITES: Final = {
    "en": "rose:fell above:below more:less higher:lower longer:shorter faster:slower jumped:plunged rises:falls "
    "up:down climbed:dropped risen:fallen climbing:falling dropped:climbed fell:rose less:more down:up slid:climbed "
    "slipped:climbed grew:shrank improved:worsened well_above:far_below fewer:more quicker:slower",
    "de": "stieg:sank gestiegen:gesunken sank:stieg fiel:stieg über:unter mehr:weniger länger:kürzer weniger:mehr "
    "schneller:langsamer härter:leichter tiefer:höher unter:über",
    "fr": "augmenté:baissé tombée:montée baissé:augmenté plus:moins gagné:perdu",
    "es": "subió:bajó cayó:subió más:menos bajó:subió",
    "it": "scesa:salita calato:aumentato più:meno",
    "nl": "daalde:steeg meer:minder steeg:daalde",
    "pt": "caiu:subiu acima:abaixo subiu:caiu",
}
METRICS: Final = {
    "en": "fitness:fatigue fatigue:fitness load:fatigue form:fitness intensity:fatigue decoupling:cadence "
    "monotony:fitness strain:fitness cadence:power CTL:ATL TSB:CTL HRV:VO2max",
    "de": "Fitness:Ermüdung Ermüdung:Fitness Belastung:Ermüdung Form:Fitness Monotonie:Fitness Puls:Trittfrequenz",
    "fr": "charge:fatigue forme:fatigue condition:fatigue",
    "es": "carga:fatiga fatiga:carga forma:fatiga",
    "it": "carico:affaticamento forma:fatica fatica:forma fitness:fatica",
    "nl": "belasting:vermoeidheid vorm:fitheid fitheid:vermoeidheid",
    "pt": "carga:fadiga forma:fadiga fadiga:forma",
}
UNITS: Final = "km:h h:km %:W W:bpm bpm:W hours:km Stunden:km km:min ms:bpm kg:km watts:hours"
PERIODS: Final = {
    "en": "this week:this year|the week:the month|four weeks:nine weeks|28 days:90 days|of the month:of the year|"
    "four-week:ten-week|last 7 days:last 70 days|28-day:90-day|three weeks:five weeks|90 days:900 days",
    "de": "diese Woche:dieses Jahr|vier Wochen:neun Wochen|drei Wochen:fünf Wochen|Im Monat:Im Jahr",
    "fr": "cette semaine:cette année|quatre dernières semaines:neuf dernières semaines",
    "es": "esta semana:este año|cuatro semanas:nueve semanas",
    "it": "questa settimana:quest'anno|quattro settimane:nove settimane",
    "nl": "deze week:dit jaar|vier weken:negen weken",
    "pt": "esta semana:este ano|quatro semanas:nove semanas",
}
INVENTED: Final = {
    "en": [
        "Your HRV has been falling all week.",
        "The brick session on Saturday was a good one.",
        "Sleep was short as well.",
        "Your race last weekend explains it.",
        "You rode through strong wind.",
        "Your left knee will thank you.",
        "You also set 2 personal bests.",
        "Your 10 km time came down to 41:20.",
        "The strength work in the gym pays off.",
        "Body weight is down 1.5 kg.",
        "Your sweet-spot intervals went well.",
        "You climbed 3,200 m in the mountains.",
    ],
    "de": [
        "Deine HRV ist gesunken.",
        "Die Koppeleinheit am Samstag war gut.",
        "Auch der Schlaf war kurz.",
        "Das Rennen am Wochenende erklärt es.",
        "Der Gegenwind war stark.",
        "Dein Gewicht sank um 1,5 kg.",
        "Das Krafttraining zahlt sich aus.",
        "Dazu kamen 2 Bestzeiten.",
    ],
    "fr": ["Ton sommeil était court.", "Ta course de dimanche l'explique.", "Ton poids a baissé de 1,5 kg."],
    "es": ["Tu sueño fue corto.", "La carrera del domingo lo explica.", "Tu peso bajó 1,5 kg."],
    "it": ["Il sonno è stato breve.", "La gara di domenica lo spiega.", "Il peso è sceso di 1,5 kg."],
    "nl": ["Je slaap was kort.", "De wedstrijd van zondag verklaart het.", "Je gewicht daalde 1,5 kg."],
    "pt": ["O sono foi curto.", "A prova de domingo explica isso.", "O peso caiu 1,5 kg."],
}
ABOUT: Final = {
    "heart-rate variability": ("HRV",),
    "hrv": ("HRV",),
    "sleep": ("Sleep", "Schlaf", "sommeil", "sueño", "sonno", "slaap", "sono"),
    "strength": ("strength", "Krafttraining"),
    "sweet-spot": ("sweet-spot",),
    "weight": ("weight", "Gewicht", "poids", "peso", "gewicht"),
    "brick": ("brick", "Koppeleinheit"),
}
"""Of what an invented sentence is, by the word that labels have for it: it is invented where they have none."""
SUPERLATIVES: Final = {
    "en": [
        "It is your best result ever.",
        "You have never been this strong.",
        "That is a lifetime record.",
        "It was the highest value of the season.",
        "This was the first time you managed that.",
    ],
    "de": ["Das ist dein bester Wert überhaupt.", "So stark warst du noch nie.", "Das ist ein Rekord."],
    "fr": ["C'est ton meilleur résultat.", "C'est un record."],
    "es": ["Es tu mejor resultado.", "Es un récord."],
    "it": ["È il tuo miglior risultato.", "È un record."],
    "nl": ["Dit is je beste resultaat ooit.", "Dit is een record."],
    "pt": ["É o seu melhor resultado.", "É um recorde."],
}
MEDICAL: Final = {
    "en": [
        "This may be a sign of an infection.",
        "Your risk of injury is higher now.",
        "Ask your doctor for a blood test.",
    ],
    "de": ["Das kann ein Zeichen einer Infektion sein.", "Dein Verletzungsrisiko ist höher."],
    "fr": ["Cela peut indiquer une infection."],
    "es": ["Puede ser señal de una infección."],
    "it": ["Può essere segno di un'infezione."],
    "nl": ["Dit kan wijzen op een infectie."],
    "pt": ["Pode ser sinal de uma infeção."],
}
HARMLESS: Final = {
    "en": [
        "One thing to watch is how the next days feel.",
        "That is worth keeping an eye on.",
        "On the other hand, one week does not make a trend.",
        "Nothing else stands out.",
        "Take it as it is.",
    ],
    "de": [
        "Das ist eine Beobachtung wert.",
        "Sonst fällt nichts auf.",
        "Eine Woche macht noch keinen Trend.",
    ],
    "fr": ["Rien d'autre ne ressort."],
    "es": ["Nada más llama la atención."],
    "it": ["Non c'è altro da segnalare."],
    "nl": ["Verder valt er niets op."],
    "pt": ["Nada mais se destaca."],
}
NEGATED: Final = re.compile(
    r"\b(?:not|neither|no longer|nor|nicht|weder|noch|pas|no|non|n't|niet|não|keine?r?|nothing|ni)\b",
    re.IGNORECASE,
)


def _values(case: Case) -> list[float]:
    """Every number that the facts might be written as, to keep clear of."""
    values: list[float] = [7, 28, 42, 4, 20, 5]
    for fact in facts_of(case.facts):
        value = abs(fact.value)
        values += [
            value,
            value / 60,
            value / 3600,
            value / 1000,
            value / 1609,
            value * 3.281,
            value * 100,
            value / 7,
        ]
        values += [value / 1.609, value * 60, value % 60, value * 3.6, value * 2.237]
    return values


def _number(text: str, language: str) -> float:
    if language == "en":
        return float(text.replace(",", ""))
    return float(text.replace(".", "").replace(",", "."))


def _numbers(case: Case) -> Iterator[re.Match[str]]:
    for match in NUMBER.finditer(case.text):
        if not WINDOWS.match(case.text[match.end() :]):
            yield match


def digit(case: Case, chance: random.Random) -> Iterator[str]:
    for match in _numbers(case):
        for _ in range(20):
            place = chance.choice([i for i, character in enumerate(match[0]) if character.isdigit()])
            new = match[0][:place] + chance.choice("123456789") + match[0][place + 1 :]
            value, true = _number(new, case.language), _number(match[0], case.language)
            if abs(value - true) > 0.15 * max(value, true):
                yield case.text[: match.start()] + new + case.text[match.end() :]
                break


def magnitude(case: Case, _: random.Random) -> Iterator[str]:
    for match in _numbers(case):
        if match[0].isdigit() and int(match[0]) > 0:
            yield case.text[: match.start()] + match[0] + "0" + case.text[match.end() :]


def decimal_mark(case: Case, _: random.Random) -> Iterator[str]:
    mark = "." if case.language == "en" else ","
    for match in _numbers(case):
        whole, found, decimals = match[0].partition(mark)
        if found and len(whole) > 1 and len(decimals) < 3:
            new = whole[:-1] + mark + whole[-1] + decimals
            yield case.text[: match.start()] + new + case.text[match.end() :]
            yield case.text[: match.start()] + whole + decimals + case.text[match.end() :]


def spelled(case: Case, chance: random.Random) -> Iterator[str]:
    words = SPELLED[case.language]
    for match in re.finditer(rf"\b(?:{'|'.join(words)})\b", case.text, re.IGNORECASE):
        if WINDOWS.match(case.text[match.end() :]):
            continue
        values = _values(case)
        order = {word: number for number, word in enumerate(words)}
        others = [
            word
            for word in words
            if abs(order[word] - order[match[0].lower()]) >= 2
            and 5 + order[word] not in {int(v) for v in values}
        ]
        if others:
            new = chance.choice(others)
            new = new.capitalize() if match[0][0].isupper() else new
            yield case.text[: match.start()] + new + case.text[match.end() :]


def sign(case: Case, _: random.Random) -> Iterator[str]:
    for match in re.finditer(r"(?<=[ (])([-+])(\d+(?:[.,]\d+)?)", case.text):
        new = match[2] if match[1] == "-" else "-" + match[2]
        yield case.text[: match.start()] + new + case.text[match.end() :]


def _swap(case: Case, pairs: str) -> Iterator[str]:
    for pair in pairs.split():
        old, new = pair.replace("_", " ").split(":")
        if match := re.search(
            rf"(?<!\w)(?<!made )(?<!of )(?:{re.escape(old)})(?!\w)", case.text, re.IGNORECASE
        ):
            word = new.capitalize() if match[0][0].isupper() and not new.isupper() else new
            yield case.text[: match.start()] + word + case.text[match.end() :]


def direction(case: Case, _: random.Random) -> Iterator[str]:
    if case.part == "statement" and not NEGATED.search(case.text):
        yield from _swap(case, OPPOSITES[case.language])


def metric(case: Case, _: random.Random) -> Iterator[str]:
    if case.part == "statement" and len(list(_numbers(case))) == 1 and len(case.text) < 90:
        yield from _swap(case, METRICS[case.language])


def unit(case: Case, _: random.Random) -> Iterator[str]:
    for pair in UNITS.split():
        old, new = pair.split(":")
        if match := re.search(rf"(?<=\d ){re.escape(old)}(?!\w|/)", case.text):
            yield case.text[: match.start()] + new + case.text[match.end() :]


def period(case: Case, _: random.Random) -> Iterator[str]:
    for pair in PERIODS[case.language].split("|"):
        old, new = pair.split(":")
        if case.part == "statement" and not NEGATED.search(case.text) and old in case.text:
            yield case.text.replace(old, new, 1)


def two_swapped(case: Case, _: random.Random) -> Iterator[str]:
    found = list(_numbers(case))
    if len(found) != 2 or re.search(r"between|usual|average|CTL|ATL", case.text) is None:
        return
    first, second = found
    if "between" not in case.text.lower() and first[0] != second[0]:
        middle = case.text[first.end() : second.start()]
        yield case.text[: first.start()] + second[0] + middle + first[0] + case.text[second.end() :]


def _speaks_of(known: str, text: str) -> bool:
    """Return whether labels are about what a sentence would invent."""
    return any(word in known and any(form in text for form in forms) for word, forms in ABOUT.items())


def _appended(table: dict[str, list[str]]) -> Callable[[Case, random.Random], Iterator[str]]:
    def append(case: Case, chance: random.Random) -> Iterator[str]:
        if case.part == "statement":
            known = " ".join(fact.label for fact in facts_of(case.facts)).lower()
            choices = [text for text in table[case.language] if not _speaks_of(known, text)]
            yield f"{case.text} {chance.choice(choices)}"

    return append


WRONG: Final[dict[str, Callable[[Case, random.Random], Iterator[str]]]] = {
    "digit": digit,
    "order of magnitude": magnitude,
    "decimal mark": decimal_mark,
    "number word": spelled,
    "sign": sign,
    "direction": direction,
    "metric": metric,
    "unit": unit,
    "period": period,
    "two numbers swapped": two_swapped,
    "invented": _appended(INVENTED),
    "superlative": _appended(SUPERLATIVES),
    "medical": _appended(MEDICAL),
}


def generate() -> Iterator[Case]:
    chance = random.Random(6)
    good = [case for case in by_hand() if case.holds]
    for template, mutate in WRONG.items():
        for case in good:
            if template == "medical" and chance.random() < 0.6:
                continue
            for text in mutate(case, chance):
                yield replace(
                    case, holds=False, text=text, why=f"{template} of: {case.text}", template=template
                )
    for case in good:
        if case.part == "statement":
            yield replace(
                case, text=f"{case.text} {chance.choice(HARMLESS[case.language])}", template="harmless"
            )
            partner = chance.choice(
                [o for o in good if (o.facts, o.language, o.part) == (case.facts, case.language, "statement")]
            )
            if partner is not case:
                yield replace(case, text=f"{partner.text} {case.text}", template="two that hold")


def main() -> None:
    cases = list({(case.facts, case.text): case for case in generate()}.values())
    with (CASES / "mutated.jsonl").open("w", encoding="utf-8") as file:
        for case in cases:
            file.write(json.dumps(asdict(case), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
