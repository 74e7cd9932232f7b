"""Which articles hold what the query asks for?

The query tree is evaluated over sets of articles. A text that the engine knows it counts by itself; any other is looked
for in the texts that may hold it, so matches and counts are exact.

A term with ``others`` stands wherever it or one of them stands. What must stand in one paragraph or sentence is looked
for in the documents that hold all of it, and then in their sentences.

An article matches *in full* when the tree is true of it: every term stands somewhere in the article, as it was
typed. It matches *in part* when it satisfies everything else (quoted texts, fields, NOT) and holds some of the
words that the remaining terms are made of. Those words are cut out of a term by the words that the index holds; a
term that is one of them has no parts, and neither has a name that stands somewhere, as 工信部 and what it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from searcher.analyzer import fold, unbroken
from searcher.cutting import cut
from searcher.engines import Candidates
from searcher.highlight import Needle, any_of, times, whole
from searcher.keys import EVERYWHERE, FRONT, Places
from searcher.numbers import number_pattern
from searcher.scope import asks_for_nearness, asks_of_article, groups, is_true_of, possible, sentences
from searcher.snapshot import Snapshot
from searcher.standing import Standing, in_places
from searcher.store import Store
from searcher.tree import And, DateTerm, FieldTerm, Leaf, Node, Not, NumberTerm, Or, Term, Within, leaves

__all__ = ["Matches", "Snapshot", "dated", "fully", "issued_by", "match", "needle"]

MAX_CUT = 1_000  # code points of a term that are cut into words; what is longer is found by its pairs all the same


@dataclass(frozen=True)
class Matches:
    """What a query matches.

    ``full`` and ``partial`` are disjoint sets of article numbers. ``standing`` says of each wanted leaf where it, or
    what means the same, stands; where it must stand near others, only where it does. ``texts`` has for each
    term where its own text stands, first, and each of its ``others``; so has ``writings`` for each number, by their
    keys. ``words`` has for each term the words it is made of. ``numbered`` are the articles whose own number a wanted
    leaf is, or is the series of. ``places`` are those in which all of this was looked for.
    """

    full: set[int]
    partial: set[int]
    standing: dict[Term | NumberTerm, Standing]
    texts: dict[Term, dict[str, Standing]]
    writings: dict[NumberTerm, dict[str, Standing]]
    words: dict[Term, tuple[str, ...]]
    numbered: set[int]
    places: Places


def needle(leaf: Leaf) -> Needle | None:
    """Return what to look for in folded text, or None for what does not stand in the text."""
    if isinstance(leaf, Term):
        return any_of(tuple(_sought(leaf).values())) if leaf.others else leaf.text
    if isinstance(leaf, NumberTerm):
        own, *others = (number_pattern(one.code, one.year, one.serial) for one in leaf.writings)
        return any_of((own, *others)) if others else own
    return None


def names(term: Term) -> Needle:
    """Return what finds a term that is a name where it, or another one for the same, stands as a name."""
    return any_of(tuple(map(whole, (term.text, *term.others))))


def _value(text: str, others: Sequence[str]) -> Needle:
    """Return what finds the value of a field: its text wherever it stands, and the others as names."""
    return any_of((text, *map(whole, others))) if others else text


def _sought(term: Term) -> dict[str, Needle]:
    """Return what to look for: the text of a term, and the others that mean the same."""
    if not term.others:
        return {term.text: term.text}
    # What was typed is found wherever it stands, in 工信部门 too (but no acronym in a word of Latin letters); what only
    # means the same must stand as a name.
    own = whole(term.text) if term.named and term.text[0].isascii() else term.text
    return {term.text: own} | {other: whole(other) for other in term.others}


def match(snapshot: Snapshot, query: Node, *, places: Places = EVERYWHERE, allowed: set[int] | None = None) -> Matches:
    """Evaluate a query where ``places`` says, among the ``allowed`` articles only (None: all)."""
    matcher = _Matcher(snapshot, places)
    full = matcher.articles(query)
    partial = matcher.relaxed(query) - full
    if allowed is not None:
        full, partial = full & allowed, partial & allowed
    wanted = dict.fromkeys(leaves(query))
    near = asks_for_nearness(query)  # else each leaf need not be looked for in the whole query
    standing = {
        leaf: matcher.near(query, leaf) if near else matcher.standing(leaf)
        for leaf in wanted
        if isinstance(leaf, Term | NumberTerm)
    }
    texts = {leaf: matcher.texts(leaf) for leaf in wanted if isinstance(leaf, Term)}
    writings = {leaf: matcher.writings(leaf) for leaf in wanted if isinstance(leaf, NumberTerm)}
    words = {leaf: matcher.words(leaf) for leaf in wanted if isinstance(leaf, Term)}
    own = (matcher.numbered(leaf) for leaf in wanted if isinstance(leaf, NumberTerm))
    return Matches(full, partial, standing, texts, writings, words, set[int]().union(*own), places)


def fully(snapshot: Snapshot, query: Node, *, places: Places = EVERYWHERE) -> set[int]:
    """Return the articles that match a query in full, and nothing else of it."""
    return _Matcher(snapshot, places).articles(query)


def standing(snapshot: Snapshot, text: str, *, places: Places) -> Standing:
    """Return where a folded text stands in some places."""
    return _Matcher(snapshot, places).holding(text, text)


class _Matcher:
    """Evaluates the nodes of one query, each leaf once."""

    def __init__(self, snapshot: Snapshot, places: Places) -> None:
        self._snapshot = snapshot
        self._places = places
        self._standing: dict[Term | NumberTerm, Standing] = {}
        self._words: dict[Term, tuple[str, ...]] = {}
        self._texts_of: dict[Term, dict[str, Standing]] = {}
        self._writings_of: dict[NumberTerm, dict[str, Standing]] = {}
        self._near: dict[Within, set[int]] = {}
        self._numbered: dict[NumberTerm, set[int]] = {}

    # ---- articles

    def articles(self, node: Node) -> set[int]:
        """Return the articles of which a node is true."""
        if isinstance(node, And):
            positive = [self.articles(part) for part in node.parts if not isinstance(part, Not)]
            negative = [self.articles(part.part) for part in node.parts if isinstance(part, Not)]
            among = set.intersection(*positive) if positive else self._everything()
            return among.difference(*negative)
        if isinstance(node, Or):
            return set().union(*map(self.articles, node.parts))
        if isinstance(node, Not):
            return self._everything() - self.articles(node.part)
        if isinstance(node, FieldTerm):
            return self._with_field(node)
        if isinstance(node, DateTerm):
            return dated(self._snapshot.store, node.first, node.last)
        if isinstance(node, Within):
            if node.scope == "article":
                return self.articles(node.part)
            return self._snapshot.articles_of(self._true_of(node))
        found = self.standing(node).articles
        return found | self.numbered(node) if isinstance(node, NumberTerm) else found

    def numbered(self, node: NumberTerm) -> set[int]:
        """Return the articles whose own number it is, also where the name before it is that of the issuer.

        海关总署公告2024年第59号 is 公告〔2024〕59号 of 海关总署. The number is among what stands before the text.
        """
        if FRONT not in self._places:
            return set()
        if node not in self._numbered:
            self._numbered[node] = self._own(node)
        return self._numbered[node]

    def _own(self, node: NumberTerm) -> set[int]:
        keys = list(self._snapshot.store.column("number_key"))
        return set[int]().union(*(self._own_of(one, keys) for one in node.writings))

    def _own_of(self, node: NumberTerm, keys: Sequence[tuple[int, str]]) -> set[int]:
        sought = node.key
        is_of = _telling_of(node)
        found = {number for number, key in keys if is_of(key)}
        issued = (
            {number: sought.removesuffix(key) for number, key in keys if sought.endswith(key)} if node.serial else {}
        )
        if issued.keys() - found:
            issuers = dict(self._snapshot.store.column("issuer_folded"))
            found |= {number for number, name in issued.items() if name in issuers.get(number, "")}
        return found

    def relaxed(self, node: Node) -> set[int]:
        """Return the articles of which a node is at least partly true."""
        if isinstance(node, And):
            positive = [part for part in node.parts if not isinstance(part, Not)]
            strict = [self.articles(part) for part in positive if not _is_loose(part)]
            if len(strict) < len(positive):
                strict.append(set().union(*(self.relaxed(part) for part in positive if _is_loose(part))))
            negative = [self.articles(part.part) for part in node.parts if isinstance(part, Not)]
            return (set.intersection(*strict) if strict else self._everything()).difference(*negative)
        if isinstance(node, Or):
            return set().union(*map(self.relaxed, node.parts))
        if isinstance(node, Within) and node.scope == "article":
            return self.relaxed(node.part)
        if isinstance(node, Term) and not node.exact:
            return self.articles(node) | self._with_words(node)
        return self.articles(node)

    def _with_words(self, term: Term) -> set[int]:
        """Return the articles that hold any of the words of a term, without the term itself."""
        words = [word for word in self.words(term) if len(word) > 1 and word != term.text]
        if self._places == EVERYWHERE:
            unlisted = [word for word in words if len(word) == 2 and not self._snapshot.frequency("words", word)]
            held = self._snapshot.reader.holding("words", words)
            return held | self._snapshot.reader.holding("grams", unlisted) if unlisted else held
        return set[int]().union(*(self.holding(word, word).articles for word in words))

    def _everything(self) -> set[int]:
        return self._snapshot.store.numbers()

    def _with_field(self, node: FieldTerm) -> set[int]:
        column = {"number": "number_key", "keyword": "keywords_folded"}.get(node.field, f"{node.field}_folded")
        value = "".join(node.text.split()) if node.field == "number" else node.text
        return _holding(self._snapshot.store, column, _value(value, node.others))

    # ---- documents

    def near(self, query: Node, leaf: Term | NumberTerm) -> Standing:
        """Return where a leaf of a query stands near what it must stand near to."""
        everywhere = self.standing(leaf)
        near: set[int] = set()
        for group in groups(query, leaf):
            if group is None:
                return everywhere
            near |= self._true_of(group)
        return self._found([document for document in everywhere.documents if document in near])

    def _true_of(self, node: Node) -> set[int]:
        """Return the documents that a node is true of, each by itself."""
        if isinstance(node, And):
            positive = [self._true_of(part) for part in node.parts if not isinstance(part, Not)]
            among = set.intersection(*positive) if positive else self._every_text()
            return among.difference(*(self._true_of(part.part) for part in node.parts if isinstance(part, Not)))
        if isinstance(node, Or):
            return set().union(*map(self._true_of, node.parts))
        if isinstance(node, Not):
            return self._every_text() - self._true_of(node.part)
        if asks_of_article(node):
            articles, article_of = self.articles(node), self._snapshot.reader.articles
            return {document for document in self._every_text() if article_of[document] in articles}
        if isinstance(node, Within):
            if node not in self._near:
                self._near[node] = (
                    self._with_sentence(node.part) if node.scope == "sentence" else self._true_of(node.part)
                )
            return self._near[node]
        assert isinstance(node, Term | NumberTerm)  # noqa: S101
        return set(self.standing(node).documents)

    def _with_sentence(self, node: Node) -> set[int]:
        """Return the documents that have a sentence of which a node is true."""
        keys, article_of = self._snapshot.reader.keys, self._snapshot.reader.articles
        candidates = sorted(self._true_of(possible(node)))
        texts = self._snapshot.each_text([keys[document] for document in candidates])

        def true_of(document: int, text: str) -> bool:
            def holds(leaf: Leaf | Within, sentence: str) -> bool:
                if asks_of_article(leaf):
                    return article_of[document] in self.articles(leaf)
                sought = None if isinstance(leaf, Within) else needle(leaf)
                return sought is not None and times(sentence, sought) > 0

            return any(is_true_of(node, sentence, holds) for sentence in sentences(fold(text)))

        return {document for document, text in zip(candidates, texts, strict=True) if true_of(document, text)}

    def _every_text(self) -> set[int]:
        return set(in_places(self._snapshot.reader, self._snapshot.reader.documents(), self._places))

    def standing(self, leaf: Term | NumberTerm) -> Standing:
        """Return where a leaf stands."""
        if leaf not in self._standing:
            self._standing[leaf] = self._find(leaf)
        return self._standing[leaf]

    def _find(self, leaf: Term | NumberTerm) -> Standing:
        held = list((self.writings(leaf) if isinstance(leaf, NumberTerm) else self.texts(leaf)).values())
        return held[0] if len(held) == 1 else self._found(sorted(set().union(*(one.documents for one in held))))

    def texts(self, term: Term) -> dict[str, Standing]:
        """Return where each of the texts of a term stands."""
        if term not in self._texts_of:
            self._texts_of[term] = {text: self.holding(text, sought) for text, sought in _sought(term).items()}
        return self._texts_of[term]

    def writings(self, number: NumberTerm) -> dict[str, Standing]:
        """Return where a number stands with each of its codes, by its key with that code."""
        if number not in self._writings_of:
            self._writings_of[number] = {one.key: self._written(one) for one in number.writings}
        return self._writings_of[number]

    def _written(self, number: NumberTerm) -> Standing:
        # There may be spaces in the code, so that none of its pairs is certain to stand in the text.
        runs = unbroken(" ".join((*number.code, number.year, number.serial or "")))
        return self._verified(runs, number_pattern(number.code, number.year, number.serial))

    def holding(self, text: str, sought: Needle) -> Standing:
        """Return where a text stands that is sought like this."""
        runs = unbroken(text)
        if sought == text and runs == [text] and self._snapshot.reader.knows(text):
            return Standing(self._snapshot.reader, self._places, run=text)
        return self._verified(runs, sought)

    def _verified(self, runs: Sequence[str], sought: Needle) -> Standing:
        """Return where something is sought that stands only in texts that hold all of these runs."""
        reader = self._snapshot.reader
        candidates = reader.candidates(runs) if runs else Candidates((), reader.documents())
        certain, perhaps = (in_places(reader, some, self._places) for some in candidates)
        is_one_run = runs == [sought]
        if not is_one_run:
            certain, perhaps = (), sorted({*certain, *perhaps})
        texts = self._snapshot.each_text([reader.keys[document] for document in perhaps])
        held = [document for document, text in zip(perhaps, texts, strict=True) if times(text, sought)]
        return self._found(sorted({*certain, *held}))

    def _found(self, documents: Sequence[int]) -> Standing:
        return Standing(self._snapshot.reader, self._places, found=documents)

    # ---- words

    def words(self, term: Term) -> tuple[str, ...]:
        """Return the words that a term is made of, in order."""
        if term not in self._words:
            found = term.named and self.standing(term).articles
            self._words[term] = (term.text, *term.others) if found else cut(self._snapshot, term.text[:MAX_CUT])
        return self._words[term]


def _telling_of(number: NumberTerm) -> Callable[[str], bool]:
    """Return what tells of a document's number whether it is this one, or of this series.

    Of an order, the issuer may be cut short.
    """
    sought = number.key
    if number.code.isascii():
        if number.year:
            return lambda key: key.replace("/", "") == sought
        return lambda key: key.replace("/", "").startswith(f"{sought}-")
    if not number.year:
        return lambda key: key.endswith(sought)
    return (lambda key: key == sought) if number.serial else (lambda key: key.startswith(sought))


def _is_loose(node: Node) -> bool:
    """Tell whether part of a node may be missing in a partial match."""
    if isinstance(node, And | Or):
        return any(map(_is_loose, node.parts))
    if isinstance(node, Within):
        return node.scope == "article" and _is_loose(node.part)
    return isinstance(node, Term) and not node.exact


def dated(store: Store, first: str | None, last: str | None) -> set[int]:
    """Return the articles whose date may lie between two days, both included; None leaves a side open."""
    return {
        number
        for number, start, end in store.days()
        if (first is None or end >= first) and (last is None or start <= last)
    }


def issued_by(store: Store, name: str, others: Sequence[str] = ()) -> set[int]:
    """Return the articles whose 发文机关 or source holds a folded name, or one of the others for the same."""
    wanted = _value(name, others)
    return _holding(store, "issuer_folded", wanted) | _holding(store, "source_folded", wanted)


def _holding(store: Store, column: str, sought: Needle) -> set[int]:
    """Return the articles of which a column, folded, holds something."""
    if isinstance(sought, str):
        return {number for number, held in store.column(column) if sought in held}
    return {number for number, held in store.column(column) if sought.search(held)}
