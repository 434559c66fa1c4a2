"""A question about health gets a fixed answer: it has to be known as one, in whatever words it comes."""

from pathlib import Path
from typing import Final

import pytest

from training_analyzer.analysis.health import speaks_of_health

BLIND: Final = Path(__file__).parent / "health_questions.tsv"
"""Language, whether it is about health, and the question, by somebody who had not seen our words."""

ENGLISH = """
I passed out after the ride
My heart is racing at rest, should I rest?
my heart skips beats on hard efforts
Pressure in my chest since Tuesday
I can't breathe on climbs
I collapsed yesterday, can I race?
Do I have a stress fracture?
My Achilles aches
my knee is sore
vomiting after long runs, normal?
I have the flu
Fell off and got a concussion
Do I have RED-S?
My period stopped
something popped in my calf
My left arm feels weird
Can I run with a cold?
should i take ibuprofen before the race
I don't want to live, I want to end my life
My chest feels heavy, should I train today?
Everything went black on the climb
heart beating fast while sitting
My heart rate is irregular at rest
I have chills and a runny nose
"""
OTHERS = """
Ich bin umgekippt, brauche ich eine Pause?
Ich bekomme keine Luft
mir ist schwindlig
Mein Herz stolpert
Ich habe Grippe, soll ich trainieren?
Bin erkältet
Entzündung am Knie
Die Wade tut weh
Es zieht in der Wade
J'ai mal au genou
Mon cœur s'emballe au repos
Me duele la rodilla
Mi fa male il ginocchio
Ik heb pijn in mijn rug
Mijn hart slaat over
Estou com dor nas costas
Ich bekomme schlecht Luft
Rückenprobleme, soll ich heute trainieren?
Je ne peux pas respirer
Mi corazón late muy rápido
Ik kan niet ademen
Mein Puls ist ganz unregelmäßig
Mon pouls est irrégulier
"""
OF_TRAINING = """
Was that painting ride any good?
Was my sick ride my best?
What about the hurting hills?
Why are my legs so tired?
How does my heart rate drift on long runs?
Why did my heart rate jump on the climb?
Why is my strain so high?
I'm back after a two week break, how is my form?
How many feet of climbing did I do?
Did my form collapse?
Was my power lower in the cold?
Did I break my record?
Are my numbers right? Am I still improving?
Does my chest strap lose readings?
I crashed last week's plan, what now?
A problem with my handlebar or a crank arm problem?
How hot was it, a temperature of 30 degrees?
Why do my legs feel heavy? Was it a heavy week?
Ist meine Herzfrequenz gesunken?
Bin ich fit für den Marathon?
Warum habe ich Muskelkater?
Was läuft mit meiner Form?
Comment va ma forme ? Est-ce une chute de forme ?
¿Cómo está mi forma? ¿Por qué la caída?
Cosa influenza la mia forma?
Hoe gaat het met mijn hartslag in alle gevallen?
Houve uma descida da forma?
"""


@pytest.mark.parametrize("question", [*ENGLISH.strip().splitlines(), *OTHERS.strip().splitlines()])
def test_a_question_about_health_is_seen(question: str) -> None:
    assert speaks_of_health(question)
    assert speaks_of_health(question.upper())


@pytest.mark.parametrize("question", OF_TRAINING.strip().splitlines())
def test_a_question_about_training_is_none(question: str) -> None:
    assert not speaks_of_health(question)


def test_questions_of_a_stranger_are_told_apart() -> None:
    """At first sight 18 of 130 were missed and 6 of 130 taken for health: the words were widened since."""
    lines = [line.split("\t") for line in BLIND.read_text(encoding="utf-8").splitlines()]
    wrong = [question for _, sign, question in lines if speaks_of_health(question) != (sign == "+")]
    assert len(lines) == 260
    assert wrong == []
