"""What tree is in these bytes of XML?

Nothing outside of them is ever loaded, and no entity is expanded.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from searcher.errors import ReadError


def parse_xml(data: bytes, *, what: str) -> etree._Element:
    """Return the root; ``what`` names the part in messages. Comments and instructions are left out.

    Raises ReadError where the bytes are no XML, and where they declare entities.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(f"{what} is damaged XML: {error}", hint="get the file anew, or repair it") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and next(declared.iterentities(), None) is not None:
        raise ReadError(
            f"{what} declares entities, as no document needs to", hint="if you trust it, save it anew in another format"
        )
    return root


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace: documents of one format use several, or wrong ones."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children of this name, in whatever namespace."""
    return (child for child in element if local(child) == name)
