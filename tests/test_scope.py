"""How near terms must stand: held against a plain look at every sentence and paragraph."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher import Article, Index, Paragraph, engines
from searcher.analyzer import fold
from searcher.query import And, FieldTerm, Not, Or, Scope, Term, Within
from searcher.scope import scoped, sentences

_PIECES = ("数据", "安全", "平台", "企业", "国发〔2016〕28号", "。", "。", "！", "；", "\n", "“开放。”", "5G", "的")


def _articles(number: int) -> list[Article]:
    chance = random.Random(3)
    return [
        Article(
            record_id=str(n),
            title="".join(chance.choices(_PIECES[:5], k=2)),
            paragraphs=tuple(
                Paragraph("".join(chance.choices(_PIECES, k=chance.randint(1, 9)))) for _ in range(chance.randint(1, 4))
            ),
        )
        for n in range(number)
    ]


ARTICLES = _articles(120)


@pytest.fixture(scope="module", params=engines.NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("scope") / "index", create=True, engine=request.param) as made:
        made.add(ARTICLES)
        yield made


def texts(article: Article) -> list[str]:
    """Return title and paragraphs, folded: each is a paragraph of its own."""
    return [fold(text) for text in (article.title or "", *(one.text for one in article.paragraphs))]


def units(article: Article, scope: Scope) -> list[str]:
    """Return what terms must stand in together."""
    if scope == "article":
        return ["\n".join(texts(article))]
    return texts(article) if scope == "paragraph" else [one for text in texts(article) for one in sentences(text)]


def holding(scope: Scope, true: Callable[[str], bool]) -> set[str]:
    return {article.record_id or "" for article in ARTICLES if any(true(unit) for unit in units(article, scope))}


def found(index: Index, query: str, **options: Scope) -> set[str]:
    hits = index.search(query, limit=1_000, **options)  # type: ignore[arg-type]
    return {hit.article.record_id or "" for hit in hits if not hit.partial}


SCOPES: tuple[tuple[str, Scope], ...] = (("同句", "sentence"), ("同段", "paragraph"), ("同篇", "article"))


@pytest.mark.parametrize(("word", "scope"), SCOPES)
def test_terms_stand_together(index: Index, word: str, scope: Scope) -> None:
    expected = holding(scope, lambda unit: "数据" in unit and "安全" in unit)
    assert found(index, f"数据 {word} 安全") == expected != set()
    assert found(index, "数据 安全", within=scope) == expected
    assert found(index, f'"数据" {word} "安全"') == expected


def test_each_scope_is_narrower_than_the_next(index: Index) -> None:
    sentence, paragraph, article = (found(index, f"数据 {word} 安全") for word, _ in SCOPES)
    assert sentence < paragraph < article == found(index, "数据 安全")


@pytest.mark.parametrize("scope", ["sentence", "paragraph"])
def test_groups_alternatives_and_exclusions_within_a_scope(index: Index, scope: Scope) -> None:
    word = {named: word for word, named in SCOPES}[scope]
    either = holding(scope, lambda unit: ("数据" in unit or "平台" in unit) and "安全" in unit)
    assert found(index, f"(数据 OR 平台) {word} 安全") == found(index, "(数据 OR 平台) 安全", within=scope) == either
    assert found(index, f"数据 {word} -安全") == holding(scope, lambda unit: "数据" in unit and "安全" not in unit)
    everything = {article.record_id for article in ARTICLES}
    assert found(index, f"-(数据 {word} 安全)") == everything - found(index, f"数据 {word} 安全")
    both = holding(scope, lambda unit: "数据" in unit and "国发(2016)28号" in unit)
    assert found(index, f"数据 {word} 国发[2016]28号") == both != set()


def test_a_sentence_within_a_paragraph(index: Index) -> None:
    def true(paragraph: str) -> bool:
        return "5g" in paragraph and any("数据" in one and "安全" in one for one in sentences(paragraph))

    assert found(index, "5G 同段 数据 同句 安全") == holding("paragraph", true) != set()


def test_what_is_excluded_and_fields_are_asked_of_the_article(index: Index) -> None:
    near = found(index, "数据 安全", within="sentence")
    assert found(index, "数据 安全 -平台", within="sentence") == near - found(index, "平台")
    assert found(index, "数据 安全 标题:平台", within="sentence") == near & found(index, "标题:平台")


@pytest.mark.parametrize(("word", "scope"), SCOPES[:2])
def test_paragraphs_are_counted_in_which_the_terms_stand_together(index: Index, word: str, scope: Scope) -> None:
    paragraphs = [fold(one.text) for article in ARTICLES for one in article.paragraphs]
    expected = sum(
        any("数据" in unit and "安全" in unit for unit in (sentences(text) if scope == "sentence" else [text]))
        for text in paragraphs
    )
    total = index.search(f"数据 {word} 安全", limit=0).total
    assert (total.paragraphs, total.partial) == (expected, 0)


@given(st.text(st.sampled_from("甲。！？\n”）a ")))
def test_sentences_put_together_are_the_text(text: str) -> None:
    folded = fold(text)
    assert "".join(sentences(folded)) == folded
    assert all(sentences(folded))


def test_quotes_close_a_sentence_that_ends_in_them() -> None:
    assert sentences(fold("他说：“好。”然后走了；真走了！3.5%。")) == [
        fold("他说：“好。”"), fold("然后走了；真走了！"), fold("3.5%。"),
    ]  # fmt: skip


def test_only_texts_are_grouped() -> None:
    a, b, title = Term("a"), Term("b"), FieldTerm("title", "c")
    group = Within(And((a, b)), "sentence")
    assert scoped(And((a, b)), "sentence") == group
    assert scoped(And((a, title, Not(b))), "sentence") == And((a, title, Not(b)))
    assert scoped(And((a, title, b)), "sentence") == And((group, title))
    assert scoped(Or((And((a, b)), a)), "sentence") == Or((group, a))
    assert scoped(Within(And((a, b)), "article"), "sentence") == Within(And((a, b)), "article")
