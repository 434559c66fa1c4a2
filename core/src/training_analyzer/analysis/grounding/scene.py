"""A sentence with all that is needed to judge it, and with which of its numbers others are compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from training_analyzer.analysis.grounding.customary import told_as_usual
from training_analyzer.analysis.grounding.lazy import lazy
from training_analyzer.analysis.grounding.quantities import Quantity
from training_analyzer.analysis.grounding.sentences import APART, Mention
from training_analyzer.analysis.grounding.subjects import Subjects
from training_analyzer.analysis.grounding.surroundings import ADJACENT, CLOSE, NEAR


@dataclass
class Scene(Subjects):
    """One sentence of a text, and all that is needed to judge it."""

    @lazy
    def references(self) -> dict[int, str]:
        """Return which quantities stand for what is usual, by their places: "your usual 480", "from 480"."""
        found: dict[int, str] = {}
        for one, other in pairwise(self.sentence.quantities):
            if self.sentence.tokens[other.at - 1].word == "/" and other.at - 1 == one.end:
                found[other.at] = "versus"
        for mention in self.sentence.mentions:
            for quantity, kind in self._referred_to(mention):
                if kind == "usual":
                    found[quantity.at] = kind
                else:
                    found.setdefault(quantity.at, kind)
        for quantity in self.said_of_once():
            found.setdefault(quantity.at, "versus")
        for quantity in told_as_usual(self):
            found.setdefault(quantity.at, "usual")
        for one, other in pairwise(self.sentence.quantities):
            between = [m for m in self.sentence.mentions if one.end <= m.at < other.at]
            joined = (
                len(between) == 1
                and between[0].end == other.at
                and (
                    "clause:and" in between[0].tags
                    or (between[0].at == one.end and "clause:within" in between[0].tags)
                )
            )
            comma = any(token.word == "," for token in self.sentence.tokens[one.end : other.at])
            apart = bool(other.fact and joined) and (comma or self.gap(between[0].end, other.at) > 0)
            if one.at in found and joined and not apart:  # "the usual 45 %, and had {rest_days}"
                found.setdefault(other.at, found[one.at])  # "your usual 480 and 8 hours", "480 in 8 hours"
        return found

    def said_of_once(self) -> Iterator[Quantity]:
        """As in "Vor 28 Tagen waren es noch -6,4", "28 days ago it was -6.4"."""
        sentence = self.sentence
        for span, other in pairwise(sentence.quantities):
            if span.dimension != "days" or other.at - span.end > 2 * NEAR:
                continue
            was = any(sentence.is_word(at, "were") for at in range(span.end, other.at))
            near = sentence.between(span.end - 1, other.at) <= APART
            if self.is_ago(span) and was and near and not any(span.end <= m.at < other.at for m in self.ways):
                yield other

    def _referred_to(self, mention: Mention) -> Iterator[tuple[Quantity, str]]:
        """Return the number for which a phrase says that it is what others are compared with."""
        if "role:versus" in mention.tags and (signed := self._behind_sign(mention)):
            yield signed, "versus"
        elif "role:versus" in mention.tags:
            yield from (
                (quantity, "versus")
                for quantity in self._following(mention, NEAR + 1)
                if not self._has_own_metric(quantity, mention)
                and not self._is_where_usual_leads(mention, quantity)
                and not self._is_led_to(mention, quantity)
                and not (self._opens_brackets(quantity) and self._is_opposed(quantity))
            )
        elif "role:from" in mention.tags:
            start = next(self._following(mention, ADJACENT), None)
            past = {m.at for m in self.sentence.naming("past")}  # "inférieure de 39 % à la semaine dernière"
            if start and any(
                0 <= to.at - start.end <= CLOSE and to.end not in past
                for to in self.sentence.tagged("role:to")
            ):
                yield start, "versus"
        elif "role:usual" in mention.tags or self._is_compared_average(mention):
            yield from self._said_to_be_usual(mention)
        elif "comparison" in mention.sections and (level := self._led_to_by_article(mention)):
            yield level, "versus"
        elif "clause:back" in mention.tags:
            ahead = [quantity for quantity in self.sentence.quantities if quantity.end == mention.at]
            yield from ((quantity, "usual") for quantity in ahead or self._following(mention, NEAR))

    def _led_to_by_article(self, than: Mention) -> Quantity | None:
        """As in "Lower than the -9.5 you've averaged lately": a number that is known, and no limit."""
        if not self.sentence.ends_in(than, "than"):
            return None
        article = next((m for m in self.sentence.tagged("article:the") if m.at == than.end), None)
        return next((q for q in self.sentence.quantities if article and q.at == article.end), None)

    def _opens_brackets(self, quantity: Quantity) -> bool:
        """As in "More than usual (7.9 h compared with 7.3 h)"."""
        return quantity.at > 0 and self.sentence.tokens[quantity.at - 1].word == "("

    def _is_compared_average(self, average: Mention) -> bool:
        """As in "18 % onder je gemiddelde van 500", "than your sixty-day averages of 66 ms and 51 bpm"."""
        if "role:average" not in average.tags:
            return False
        behind = any(
            q.at >= average.end and self._distance(average.end, q.at) == 0 for q in self.sentence.quantities
        )
        return behind and any(
            0 <= average.at - m.end <= NEAR
            and (m.keys("comparison") or "role:versus" in m.tags)
            and self.sentence.together(m.at, average.at)
            for m in self.sentence.mentions
        )

    def _is_led_to(self, versus: Mention, quantity: Quantity) -> bool:
        """As in "Load climbed 16 % on the previous month to 2,436", "on the morning of the ride to -9.8"."""
        return "article:with" in versus.tags and any(
            m.end == quantity.at and m.at >= versus.end for m in self.sentence.tagged("role:to")
        )

    def _said_to_be_usual(self, mention: Mention) -> Iterator[tuple[Quantity, str]]:
        following = (
            self._behind_colon(mention)
            or self._averaged_behind(mention)
            or next(self._following(mention, NEAR), None)
        )
        if following and (self._is_opposed(following) or self._is_told_behind(following, mention)):
            following = None
        if following and self._leads_on(mention.end, following.at):
            following = None
        if following and self._is_where_it_stands(following, mention):
            return
        found = following or self._preceding(mention)
        if found and not following and self._is_of_another(mention, found):
            return
        if found:
            yield found, "usual"

    def _is_of_another(self, usual: Mention, quantity: Quantity) -> bool:
        """As in "Load rose to {load_week} in about the usual time"."""
        fact, noun = self.evidence.by_id.get(quantity.fact), self.sentence.starting.get(usual.end)
        of = self.metrics_in(noun) if noun is not None else frozenset[str]()
        return fact is not None and bool(of) and of.isdisjoint(fact.concepts)

    def _behind_colon(self, mention: Mention) -> Quantity | None:
        """As in "Load: 250 (usual: 330)"."""
        tokens = self.sentence.tokens
        if mention.end >= len(tokens) or tokens[mention.end].word != ":":
            return None
        if self._is_beyond(mention):
            return None  # "more than usual: 7.5 hours"
        return next((q for q in self.sentence.quantities if q.at == mention.end + 1), None)

    def _has_own_metric(self, quantity: Quantity, versus: Mention) -> bool:
        """As in "The ATL of 83 versus CTL of 54": two metrics are compared, and no usual one."""
        mentions = self.sentence.mentions
        own = {key for m in mentions if versus.end <= m.at < quantity.at for key in self.metrics_in(m)}
        ahead = (key for m in mentions if m.end <= versus.at for key in self.metrics_in(m))
        return bool(own) and own.isdisjoint(ahead)

    def _averaged_behind(self, usual: Mention) -> Quantity | None:
        """As in "The four weeks before, which averaged 480": a relative clause says what was usual."""
        averaged = next(
            (
                m
                for m in self.sentence.mentions
                if 0 <= m.at - usual.end <= NEAR and m.tags & {"statistic:average", "role:average"}
            ),
            None,
        )
        if averaged is None or not any(
            usual.end <= m.at < averaged.at for m in self.sentence.tagged("clause:but")
        ):
            return None
        return next((q for q in self.sentence.quantities if 0 <= q.at - averaged.end <= ADJACENT), None)

    def _is_told_behind(self, quantity: Quantity, usual: Mention) -> bool:
        """As in "More than usual: 7.5 hours"."""
        tokens = self.sentence.tokens
        told = usual.end < len(tokens) and tokens[usual.end].word == ":" and usual.end < quantity.at
        return told and self._is_beyond(usual)

    def _is_beyond(self, usual: Mention) -> bool:
        """As in "More than usual"."""
        return any(
            m.end == usual.at and ("role:versus" in m.tags or m.keys("comparison") or m.keys("direction"))
            for m in self.sentence.mentions
        )

    def _is_opposed(self, quantity: Quantity) -> bool:
        """As in "Above your norm (287 versus 186)": what stands before "versus" is no norm."""
        return any(
            0 <= m.at - quantity.end <= ADJACENT and not self._ends_a_part(m.end)
            for m in self.sentence.tagged("role:versus")
        )

    def _ends_a_part(self, end: int) -> bool:
        """As in "78 ms stehen üblichen 71 ms gegenüber": nothing follows that is compared with."""
        tokens = self.sentence.tokens
        return end >= len(tokens) or tokens[end].word in ",;:"

    def _leads_on(self, start: int, end: int) -> bool:
        """As in "After 366 the week before, load rose to 412": a change begins behind "before"."""
        return any(
            start <= m.at and m.end <= end and (m.tags & {"role:to", "role:by"} or m.keys("direction"))
            for m in self.sentence.mentions
        )

    def _is_where_it_stands(self, quantity: Quantity, usual: Mention) -> bool:
        """As in "Above its norm at 58 ms": what is compared has the number, not the norm."""
        if any(
            q.dimension == quantity.dimension and not self._leads_to(q, usual)
            for q in self.sentence.quantities
            if q.at < usual.at
        ):
            return False  # "load was 48, less than your usual run at 56"
        return self.sentence.has_before(quantity.at, "role:at") and any(
            0 <= usual.at - m.end <= CLOSE
            and (m.keys("comparison") or m.keys("implied") or "direction:flat" in m.tags)
            for m in self.sentence.mentions
        )

    def _is_where_usual_leads(self, versus: Mention, quantity: Quantity) -> bool:
        """As in "Shorter than normal at 5.4 hours": what is compared with has no number."""
        usual = next((m for m in self.sentence.tagged("role:usual") if m.at == versus.end), None)
        return usual is not None and self._is_where_it_stands(quantity, usual)

    def _leads_to(self, quantity: Quantity, usual: Mention) -> bool:
        """As in "Five beats higher than normal at 56": how far it is from the norm."""
        ways = [m for m in self.ways if quantity.end == m.at and m.end <= usual.at]
        return bool(ways) and self.gap(ways[0].end, usual.at) <= CLOSE

    def _behind_sign(self, mention: Mention) -> Quantity | None:
        """As in "From slightly positive, 2.4, to -8.7"."""
        sign = next((m for m in self.sentence.naming("sign") if 0 <= m.at - mention.end <= ADJACENT), None)
        return next((q for q in self.sentence.quantities if sign and 0 <= q.at - sign.end <= ADJACENT), None)

    def _following(self, mention: Mention, reach: int) -> Iterator[Quantity]:
        for quantity in self.sentence.quantities:
            if 0 <= quantity.at - mention.end <= reach and not self.is_window(quantity):
                hangs = quantity.at - 1 > mention.end and self.sentence.has_before(
                    quantity.at, "clause:hanging"
                )
                if not hangs and self.sentence.between(mention.end - 1, quantity.at) < APART:
                    yield quantity  # and not "die letzte Woche war mit {load_week} leichter"
                return

    def _preceding(self, mention: Mention) -> Quantity | None:
        """Return the number that "usual" is said of behind it, unless a comparison stands between."""
        for quantity in reversed(self.sentence.quantities):
            if 0 <= mention.at - quantity.end <= 2 * NEAR and not self.is_window(quantity):
                if self.sentence.between(quantity.end - 1, mention.at) >= APART:
                    return None
                if self._says_how_far(quantity) or self._is_surpassed_by(quantity, mention):
                    return None
                if quantity.fraction and self._of_follows(quantity.end):
                    return None  # "half of its level before the break"
                if self.sentence.has_at(quantity.end, "unit:times"):
                    return None  # "{load_ratio} times your four-week average"
                between = [
                    m
                    for m in self.sentence.mentions
                    if quantity.end <= m.at < mention.at and not self._is_relative(m, quantity)
                ]
                compared = any(
                    tag.startswith(("role:versus", "direction:", "comparison:", "implied:", "clause:equal"))
                    or (tag in ("hedge:under", "hedge:over") and other.end == mention.at)
                    for other in (*between, mention)
                    for tag in other.tags
                )
                return None if compared else quantity
        return None

    def _is_relative(self, mention: Mention, quantity: Quantity) -> bool:
        """As in "Los 285 que hacías antes del parón": it compares nothing."""
        return mention.at == quantity.end and mention.tags >= {"role:versus", "clause:hanging"}

    def _is_surpassed_by(self, quantity: Quantity, usual: Mention) -> bool:
        """
        As in "Il carico supera di 24 punti quello abituale": by how much, and not what is usual.

        In German the verb comes last: "Um 1,3 Stunden hast du deinen gewohnten Umfang übertroffen".
        """
        by = self.sentence.ending.get(quantity.at)
        if by is None or "role:by_before" not in by.tags:
            return False
        last = any(m.at >= usual.end and self.sentence.together(m.at, by.at) for m in self.ways)
        return any(m.end == by.at for m in self.ways) or (last and self.sentence.begins(by.at))

    def _says_how_far(self, quantity: Quantity) -> bool:
        """As in "Inférieure de 39 % à la semaine dernière": the number is a change, and not how it was."""
        return quantity.dimension == "percent" and any(
            0 <= quantity.at - m.end <= CLOSE
            and m.keys("direction") & {"up", "down"}
            and not (m.keys("comparison") or "role:versus" in m.tags)
            for m in self.ways
        )
