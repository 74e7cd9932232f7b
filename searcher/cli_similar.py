"""How does a terminal ask for what is like an article, and for its keywords?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from searcher.arguments import NOTHING, chosen_index, index_option, json_option
from searcher.index import Index

_limit_option = click.option("-n", "--limit", type=click.IntRange(min=0), default=10, metavar="N",
                             help="How many to show  [10]")  # fmt: skip


@click.command(name="similar", short_help="Show the articles that are most like one")
@click.argument("identifier", metavar="ID")
@index_option
@_limit_option
@json_option
def similar_command(identifier: str, index_folder: Path | None, limit: int, as_json: bool) -> None:
    """Show the articles that are most like one, with the words that they share. ID may be the beginning of an id.

    The likeness goes from 0 to 1. Of copies of one document one is shown, and none of the article itself.
    """
    from searcher import jsonout

    with Index.open(chosen_index(index_folder)) as index:
        found = index.similar(identifier.lower(), limit=limit)
    if as_json:
        objects = [jsonout.similar_object(rank, one) for rank, one in enumerate(found, 1)]
        click.echo(jsonout.dumps({"version": jsonout.VERSION, "similar": objects}, indent=1))
    else:
        from searcher.drawing import console
        from searcher.render_details import print_similar

        print_similar(console(), found)
    if not found:
        raise SystemExit(NOTHING)


@click.command(name="keywords", short_help="Show the words that tell what an article is about")
@click.argument("identifier", metavar="ID")
@index_option
@_limit_option
@json_option
def keywords_command(identifier: str, index_folder: Path | None, limit: int, as_json: bool) -> None:
    """Show the words that tell what an article is about, with their weights. ID may be the beginning of an id."""
    from searcher import jsonout

    with Index.open(chosen_index(index_folder)) as index:
        found = index.keywords(identifier.lower(), limit=limit)
    if as_json:
        objects = [asdict(keyword) for keyword in found]
        click.echo(jsonout.dumps({"version": jsonout.VERSION, "keywords": objects}, indent=1))
    else:
        from searcher.drawing import console
        from searcher.render_details import print_keywords

        print_keywords(console(), found)
    if not found:
        raise SystemExit(NOTHING)
