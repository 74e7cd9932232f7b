"""Which articles hold what the query asks for?

The query tree is evaluated over sets of articles. What a text term needs is looked up by its grams, and what is
longer than one gram is then looked for in the stored text itself, so matches and counts are exact.

A term with ``others`` stands wherever it or one of them stands. What must stand in one paragraph or sentence is looked
for in the documents that hold all of it, and then in their sentences.

An article matches *in full* when the tree is true of it: every term stands somewhere in the article, as it was
typed. It matches *in part* when it satisfies everything else (quoted texts, fields, NOT) and holds some of the
words that the remaining terms are made of. Those words are cut out of a term by the words that the index holds; a
term that is one of them has no parts, and neither has a name that stands somewhere, as 工信部 and what it stands for.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from searcher.analyzer import covering_grams, fold
from searcher.cutting import cut
from searcher.highlight import Needle, any_of, times, whole
from searcher.keys import FIRST_PARAGRAPH, FRONT, TITLE, place_of
from searcher.numbers import number_pattern
from searcher.scope import asks_of_article, groups, is_true_of, possible, sentences
from searcher.snapshot import Snapshot
from searcher.store import Store
from searcher.tree import And, DateTerm, FieldTerm, Leaf, Node, Not, NumberTerm, Or, Term, Within, leaves

__all__ = ["EVERYWHERE", "Matches", "Places", "Snapshot", "dated", "fully", "issued_by", "match", "needle"]

Places = frozenset[int]  # of FRONT, TITLE, FIRST_PARAGRAPH (which stands for all paragraphs)
EVERYWHERE: Places = frozenset((FRONT, TITLE, FIRST_PARAGRAPH))

MAX_CUT = 1_000  # code points of a term that are cut into words; what is longer is found by its grams all the same
MAX_GRAMS = 64  # of a term, that are looked up before its text is verified
ENOUGH = 200  # candidates that are sooner verified than narrowed down


@dataclass(frozen=True)
class Matches:
    """What a query matches.

    ``full`` and ``partial`` are disjoint sets of article numbers. ``documents`` has for each wanted leaf the
    documents in which it, or what means the same, stands; where it must stand near others, only those in which they do.
    ``texts`` has for each term the documents of its own text, first, and of each of its ``others``. ``words`` has for
    each term the words it is made of, ``often`` how often it stands in documents, as far as known. ``places`` are
    those in which all of this was looked for.
    """

    full: set[int]
    partial: set[int]
    documents: dict[Term | NumberTerm, Sequence[int]]
    texts: dict[Term, dict[str, Sequence[int]]]
    words: dict[Term, tuple[str, ...]]
    often: dict[Term | NumberTerm, Mapping[int, float]]
    places: Places


def needle(leaf: Leaf) -> Needle | None:
    """Return what to look for in folded text, or None for what does not stand in the text."""
    if isinstance(leaf, Term):
        return any_of(tuple(_sought(leaf).values())) if leaf.others else leaf.text
    if isinstance(leaf, NumberTerm):
        return number_pattern(leaf.code, leaf.year, leaf.serial)
    return None


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
    documents = {leaf: matcher.standing(query, leaf) for leaf in wanted if isinstance(leaf, Term | NumberTerm)}
    texts = {leaf: matcher.texts(leaf) for leaf in wanted if isinstance(leaf, Term)}
    words = {leaf: matcher.words(leaf) for leaf in wanted if isinstance(leaf, Term)}
    often = {leaf: matcher.often(leaf) for leaf in documents}
    return Matches(full, partial, documents, texts, words, often, places)


def fully(snapshot: Snapshot, query: Node, *, places: Places = EVERYWHERE) -> set[int]:
    """Return the articles that match a query in full, and nothing else of it."""
    return _Matcher(snapshot, places).articles(query)


class _Matcher:
    """Evaluates the nodes of one query, each leaf once."""

    def __init__(self, snapshot: Snapshot, places: Places) -> None:
        self._snapshot = snapshot
        self._places = places
        self._documents: dict[Term | NumberTerm, Sequence[int]] = {}
        self._words: dict[Term, tuple[str, ...]] = {}
        self._often: dict[Term | NumberTerm, dict[int, int]] = {}
        self._texts_of: dict[Term, dict[str, Sequence[int]]] = {}
        self._near: dict[Within, set[int]] = {}

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
        found = self._snapshot.articles_of(self.documents(node))
        if isinstance(node, NumberTerm) and FRONT in self._places:
            found |= self._numbered(node)
        return found

    def _numbered(self, node: NumberTerm) -> set[int]:
        """Return the articles whose own number it is, also where the name before it is that of the issuer.

        海关总署公告2024年第59号 is 公告〔2024〕59号 of 海关总署.
        """
        keys = list(self._snapshot.store.column("number_key"))
        found = {number for number, key in keys if _is_of(key, node)}
        issued = {number: node.key.removesuffix(key) for number, key in keys if node.serial and node.key.endswith(key)}
        if issued.keys() - found:
            issuers = dict(self._snapshot.store.column("issuer_folded"))
            found |= {number for number, name in issued.items() if name in issuers.get(number, "")}
        return found

    def relaxed(self, node: Node) -> set[int]:
        """Return the articles of which a node is at least partly true."""
        if isinstance(node, And):
            loose = [part for part in node.parts if _is_loose(part)]
            strict = [self.articles(part) for part in node.parts if not isinstance(part, Not) and part not in loose]
            if loose:
                strict.append(set().union(*map(self.relaxed, loose)))
            negative = [self.articles(part.part) for part in node.parts if isinstance(part, Not)]
            return (set.intersection(*strict) if strict else self._everything()).difference(*negative)
        if isinstance(node, Or):
            return set().union(*map(self.relaxed, node.parts))
        if isinstance(node, Within) and node.scope == "article":
            return self.relaxed(node.part)
        if isinstance(node, Term) and not node.exact:
            found = self.articles(node)
            for word in self.words(node):
                if len(word) > 1 or word == node.text:
                    postings = self._snapshot.postings("words", word).documents
                    found = found | self._snapshot.articles_of(self._in_places(postings))
            return found
        return self.articles(node)

    def _everything(self) -> set[int]:
        return self._snapshot.store.numbers()

    def _with_field(self, node: FieldTerm) -> set[int]:
        column = {"number": "number_key", "keyword": "keywords_folded"}.get(node.field, f"{node.field}_folded")
        value = "".join(node.text.split()) if node.field == "number" else node.text
        return {number for number, held in self._snapshot.store.column(column) if value in held}

    # ---- documents

    def standing(self, query: Node, leaf: Term | NumberTerm) -> Sequence[int]:
        """Return the documents in which a leaf of a query stands, near what it must stand near to, ascending."""
        documents = self.documents(leaf)
        near: set[int] = set()
        for group in groups(query, leaf):
            if group is None:
                return documents
            near |= self._true_of(group)
        return [document for document in documents if document in near]

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
        return set(self.documents(node))

    def _with_sentence(self, node: Node) -> set[int]:
        """Return the documents that have a sentence of which a node is true."""
        keys, article_of = self._snapshot.reader.keys, self._snapshot.reader.articles
        candidates = self._true_of(possible(node))
        texts = self._snapshot.texts([keys[document] for document in candidates])

        def true_of(document: int) -> bool:
            def holds(leaf: Leaf | Within, sentence: str) -> bool:
                if asks_of_article(leaf):
                    return article_of[document] in self.articles(leaf)
                sought = None if isinstance(leaf, Within) else needle(leaf)
                return sought is not None and times(sentence, sought) > 0

            return any(is_true_of(node, sentence, holds) for sentence in sentences(fold(texts[keys[document]])))

        return set(filter(true_of, candidates))

    def _every_text(self) -> set[int]:
        return set(self._in_places(self._snapshot.reader.documents()))

    def documents(self, leaf: Term | NumberTerm) -> Sequence[int]:
        """Return the documents in which a text stands, ascending."""
        if leaf not in self._documents:
            self._documents[leaf] = self._find(leaf)
        return self._documents[leaf]

    def _find(self, leaf: Term | NumberTerm) -> Sequence[int]:
        if isinstance(leaf, NumberTerm):
            # There may be spaces in the code, so that none of its pairs is certain to stand in the text.
            units = (*leaf.code, *covering_grams(leaf.year), *covering_grams(leaf.serial or ""))
            return self._verified(leaf, units, number_pattern(leaf.code, leaf.year, leaf.serial), sure=frozenset())
        held = list(self.texts(leaf).values())
        return held[0] if len(held) == 1 else sorted(set().union(*held))

    def texts(self, term: Term) -> dict[str, Sequence[int]]:
        """Return the documents in which each of the texts of a term stands."""
        if term not in self._texts_of:
            self._texts_of[term] = {text: self._holding(term, text, sought) for text, sought in _sought(term).items()}
        return self._texts_of[term]

    def _holding(self, leaf: Term, text: str, sought: Needle) -> Sequence[int]:
        """Return the documents that hold the text of a term, or another that means the same."""
        units = covering_grams(text)
        if units == (text,) and sought == text:
            return self._in_places(self._with_all(units))
        # A document that has the text for a word holds it for certain.
        sure = frozenset(self._snapshot.postings("words", text).documents) if sought == text else frozenset()
        return self._verified(leaf, units, sought, sure=sure)

    def _verified(
        self, leaf: Term | NumberTerm, units: tuple[str, ...], sought: Needle, *, sure: frozenset[int]
    ) -> Sequence[int]:
        """Return the documents that have all the units and hold what is sought, some of them for sure."""
        candidates = self._in_places(self._with_all(units))
        keys = self._snapshot.reader.keys
        texts = self._snapshot.texts([keys[document] for document in candidates if document not in sure])
        often = self._often.setdefault(leaf, {})
        found = []
        for document in candidates:
            if document in sure:
                found.append(document)
            elif count := times(texts[keys[document]], sought):
                often[document] = often.get(document, 0) + count
                found.append(document)
        return found

    def often(self, leaf: Term | NumberTerm) -> Mapping[int, float]:
        """Return how often a text stands in documents, where that is known from looking for it."""
        counts: dict[int, float] = dict(self._often.get(leaf, {}))
        if isinstance(leaf, NumberTerm):
            return counts
        for text, sought in _sought(leaf).items():
            if text == sought and self._snapshot.frequency("words", text):
                found = self._snapshot.postings("words", text)
                for document, count in zip(found.documents, found.frequencies or (), strict=False):
                    counts[document] = counts.get(document, 0.0) + count
        return counts

    def _with_all(self, units: tuple[str, ...]) -> Sequence[int]:
        """Return documents that hold all the units, or nearly all: a few too many do no harm."""
        if not units:
            return self._snapshot.reader.documents()
        step = max(1, len(units) // MAX_GRAMS)
        rarest = sorted(units[::step], key=lambda unit: self._snapshot.frequency("grams", unit))
        found = set(self._snapshot.postings("grams", rarest[0]).documents)
        for unit in rarest[1:]:
            if len(found) <= ENOUGH:
                break
            found.intersection_update(self._snapshot.postings("grams", unit).documents)
        return sorted(found)

    def _in_places(self, documents: Iterable[int]) -> Sequence[int]:
        if self._places == EVERYWHERE:
            return documents if isinstance(documents, Sequence | array) else list(documents)
        keys, places = self._snapshot.reader.keys, self._places
        return [document for document in documents if min(place_of(keys[document]), FIRST_PARAGRAPH) in places]

    # ---- words

    def words(self, term: Term) -> tuple[str, ...]:
        """Return the words that a term is made of, in order."""
        if term not in self._words:
            found = term.named and self.documents(term)
            self._words[term] = (term.text, *term.others) if found else cut(self._snapshot, term.text[:MAX_CUT])
        return self._words[term]


def _is_of(key: str, number: NumberTerm) -> bool:
    return key == number.key if number.serial else key.startswith(number.key)


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


def issued_by(store: Store, name: str) -> set[int]:
    """Return the articles whose 发文机关 or source holds a name."""
    wanted = fold(name)
    columns = ("issuer_folded", "source_folded")
    return {number for column in columns for number, held in store.column(column) if wanted in held}
