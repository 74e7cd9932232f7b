"""What of a saved page is the article, and what the page says of itself."""

from __future__ import annotations

import pytest

from searcher import fields
from searcher.models import Article, Extraction
from searcher.readers.html import read_html
from searcher.split import extract
from tests.reading import assert_nothing_lost

BODY = "城市公园应当免费向公众开放，开放的时间由各区根据季节确定，并在公园入口处公布，遇有大风等恶劣天气可以临时关闭。"
STORY = (
    f"<h1>公园免费开放</h1><div><p>{BODY}</p><p>{BODY[:-1]}的措施同时施行。</p><p>市民对此表示欢迎。{BODY}</p></div>"
)


def extracted(body: str, *, head: str = "") -> Extraction:
    page = f"<!doctype html><html><head><title>公园免费开放_城市网</title>{head}</head><body>{body}</body></html>"
    source = read_html(page.encode(), name="a.html")
    extraction = extract(source)
    assert_nothing_lost(source, extraction)
    return extraction


def article(body: str, *, head: str = "") -> Article:
    (only,) = extracted(body, head=head).articles
    return only


def text(one: Article) -> str:
    return "".join(paragraph.text for paragraph in one.paragraphs)


@pytest.mark.parametrize("named", ['id="comments"', 'class="news-recommend"', 'class="post_share"', 'class="related"'])
def test_comments_and_what_else_to_read_are_no_part_of_the_article(named: str) -> None:
    aside = f"<div {named}><p>网友甲：我觉得公园应当通宵开放，这样大家都方便。</p><p>网友乙：{BODY[:30]}。</p></div>"
    assert "网友" not in text(article(f"<div>{STORY}{aside}</div>"))


def test_an_article_inside_an_element_that_is_named_like_an_aside_stays() -> None:
    assert BODY in text(article(f'<div class="share-box">{STORY}</div>'))


def test_text_behind_the_end_of_an_inner_page_is_read() -> None:
    """A page put together of whole pages once ended with the first of them."""
    assert BODY in text(article(f"<p>首页</p></body></html><div>{STORY}</div>"))


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="PubDate" content="2020-05-06 08:00">',
        '<meta property="article:published_time" content="2020-05-06T08:00:00+08:00">',
        '<meta itemprop="datePublished" content="2020-05-06">',
        '<meta name="firstpublishedtime" content="2020-05-06-23:59:59">',
        '<script type="application/ld+json">{"datePublished": "2020-05-06T08:00:00"}</script>',
    ],
)
def test_the_head_says_when_a_page_was_published(head: str) -> None:
    one = article(STORY, head=head)
    assert (one.date, one.published, one.inferred) == ("2020-05-06", "2020-05-06", ())


def test_a_label_below_the_article_says_when_it_was_published() -> None:
    assert article(f"<div>{STORY}</div><ul><li>发布日期：2020-05-06 08:00</li></ul>").published == "2020-05-06"


def test_the_times_of_other_articles_are_not_its_own() -> None:
    others = "".join(f"<li><a href='/{n}'>别的消息第{n}条</a></li><li>2018-03-0{n} 08:00</li>" for n in range(1, 9))
    assert article(f"<div>{STORY}</div><p>更多</p>{'<p>·</p>' * 12}<ul>{others}</ul>").published is None


def test_the_day_in_the_address_of_a_page_is_its_last_resort() -> None:
    one = article(STORY, head='<link rel="canonical" href="http://www.example.org/2020-05/06/content_1.html">')
    assert (one.date, one.published, one.inferred) == ("2020-05-06", None, ("date",))


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("http://a.example/2020-05/06/content_1.html", "2020-05-06"),
        ("http://a.example/art/2020/05/06/art_1.html", "2020-05-06"),
        ("./t20200506_12.shtml", "2020-05-06"),
        ("http://a.example/post/20201306.html", None),
        ("http://a.example/1234567.html", None),
    ],
)
def test_days_of_addresses(address: str, day: str | None) -> None:
    assert fields.address_date(address) == day


def test_the_name_of_the_site_is_no_author() -> None:
    assert article(STORY, head='<meta name="author" content="城市网">').author is None
    assert article(STORY, head='<meta name="author" content="李小四">').author == "李小四"


def test_what_a_program_printed_into_a_page_is_not_taken_for_the_article() -> None:
    """The text of an article was once lost to a stack trace five times as long."""
    trace = (
        "Expression l is undefined on line 93. "
        + "\tat org.example.template.Environment.visit(Environment.java:209) " * 60
    )
    page = f'<div class="real">{STORY}</div><div class="side"><h2>最新新闻</h2><div><p>{trace}</p></div></div>'
    found = text(article(page))
    assert found.count(BODY[:-1]) == 3
    assert "市民对此表示欢迎" in found
