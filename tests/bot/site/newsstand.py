"""Public digests in a database, and the site built from them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.digest.plan import weekly_run_id
from bot.weeks import parse_week
from storage.database import Database
from storage.model import Audio, Chapter, Digest, Subscription
from tests.bot.rendering.examples import example_digest

SERVER = 42
WEEK = "2026-W47"
TITLE = "Lab papers"


def weekly_digest(week: str = WEEK, *, server_id: int = SERVER, **changes: Any) -> Digest:
    """The awkward example as a week's published digest; each week has its own papers."""
    parsed, sample = parse_week(week), example_digest()
    number = parsed.year % 100 * 100 + parsed.number

    def own(pick: Any) -> Any:
        # The example's ids are those of `WEEK`; other weeks get their own.
        if week == WEEK or "/" in pick.paper.id:
            return pick
        return replace(pick, paper=replace(pick.paper, id=f"{number}.{pick.paper.id[-5:]}"))

    values: dict[str, Any] = {
        "id": weekly_run_id(server_id, parsed),
        "server_id": server_id,
        "week": week,
        "first_day": parsed.first_day,
        "last_day": parsed.last_day,
        "created_at": parsed.complete_at + timedelta(hours=3),
        "highlights": tuple(replace(each, pick=own(each.pick)) for each in sample.highlights),
        "noted": tuple(replace(each, pick=own(each.pick)) for each in sample.noted),
    }
    return replace(sample, **(values | changes))


def recording(digest: Digest) -> Audio:
    """The record of a digest's recording."""
    chapters = [Chapter(title="Opening", start_seconds=0.0)]
    chapters += [
        Chapter(
            title=highlight.pick.paper.title,
            start_seconds=14.5 + 61 * number,
            paper_key=highlight.pick.paper.key,
        )
        for number, highlight in enumerate(digest.highlights)
    ]
    return Audio(
        digest_id=digest.id,
        seconds=400.25,
        chapters=(*chapters, Chapter(title="Closing & <receipt>", start_seconds=380.0)),
        voice="invented",
        created_at=digest.created_at,
    )


async def publish(
    database: Database, *digests: Digest, title: str | None = TITLE, audio: Sequence[Digest] = ()
) -> None:
    """Store these digests, with recordings of those in `audio`, and publish their server under the title."""
    server_id = digests[0].server_id if digests else SERVER
    async with database.begin() as tx:
        await tx.subscriptions.save(Subscription(server_id=server_id, channel_id=1, publication=title))
        for digest in digests:
            await tx.digests.save(digest)
        for digest in audio:
            await tx.audios.save(recording(digest))


def pages(folder: Path) -> dict[str, str]:
    """All text files of a built site by their paths."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in {".html", ".xml", ".js", ".json", ".css"} and path.name[0] != "."
    }
