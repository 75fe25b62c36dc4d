"""Answers in arXiv's formats."""

from collections.abc import Iterable

from aiohttp import web

ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
SEARCH = 'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
ARXIV = 'xmlns:arxiv="http://arxiv.org/schemas/atom"'


def entry(
    key: str,
    *,
    published: str = "2026-11-18T10:00:00Z",
    updated: str = "2026-11-18T10:00:00Z",
    title: str = "A title",
    abstract: str = "An abstract.",
    comment: str = "",
) -> str:
    return f"""<entry><id>http://arxiv.org/abs/{key}</id><title>{title}</title>
        <updated>{updated}</updated><published>{published}</published><summary>{abstract}</summary>
        <author><name>Ada  Lovelace</name></author><author><name>Emmy Noether</name></author>
        <category term="cs.LG"/><category term="cs.CL"/><arxiv:primary_category term="cs.CL"/>
        {f"<arxiv:comment>{comment}</arxiv:comment>" if comment else ""}</entry>"""


def feed(entries: Iterable[str] = (), *, total: int | None = None) -> bytes:
    entries = list(entries)
    total = len(entries) if total is None else total
    return f"""<?xml version='1.0' encoding='UTF-8'?><feed {SEARCH} {ARXIV} {ATOM}><title>arXiv Query</title>
        <opensearch:totalResults>{total}</opensearch:totalResults>{"".join(entries)}</feed>""".encode()


def error_feed(said: str) -> bytes:
    explained = f"""<entry><id>https://arxiv.org/api/errors#x</id><title>Error</title>
        <updated>2026-11-23T12:00:00Z</updated><summary>{said}</summary></entry>"""
    return feed([explained])


def atom(body: bytes, *, status: int = 200) -> web.Response:
    return web.Response(status=status, body=body, content_type="application/atom+xml")


def page(text: str, *, status: int = 200) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/html")
