import json
from datetime import datetime

from hypothesis import given

from bot.rendering.exports.records import digest_json
from storage.model import Digest
from tests.bot.rendering.examples import HOSTILE_TITLE, example_digest, example_highlight, small_digest
from tests.bot.rendering.strategies import LENIENT, digests


def test_it_holds_the_digest_as_it_is() -> None:
    digest = example_digest()

    read = json.loads(digest_json(digest))

    assert (read["format"], read["week"]) == ("broadsheet-digest/1", "2026-W47")
    assert datetime.fromisoformat(read["created_at"]) == digest.created_at
    assert [each["paper"]["id"] for each in read["highlights"]] == [
        highlight.pick.paper.id for highlight in digest.highlights
    ]
    assert read["highlights"][2]["paper"]["title"] == HOSTILE_TITLE
    first = read["highlights"][0]
    assert first["paper"]["authors"] == ["Ada Example", "Bo Sample", "Cy Invented", "Di Fictional"]
    assert first["summary"]["results"][0]["page"] == 6
    assert first["summary"]["critique"][1] == {
        "text": "Latency on other hardware may differ by 30 %.",
        "page": None,
        "checked": False,
    }
    assert first["paper"]["licence"] is None
    assert len(read["noted"]) == len(digest.noted)
    assert read["receipt"]["announced"] == digest.receipt.announced


def test_it_names_the_licence_that_arxiv_told() -> None:
    licence = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"

    read = json.loads(digest_json(small_digest(highlights=(example_highlight(licence=licence),))))

    assert read["highlights"][0]["paper"]["licence"] == licence


def test_nobody_learns_from_it_which_server_it_was_made_for() -> None:
    assert "987654321" not in digest_json(small_digest(server_id=987654321, id="digest:987654321:2026-W47"))


@LENIENT
@given(digests())
def test_any_digest_comes_back(digest: Digest) -> None:
    read = json.loads(digest_json(digest).encode())

    titles = [each["paper"]["title"] for each in read["highlights"] + read["noted"]]
    assert titles == [pick.paper.title for pick in digest.picks]
    assert [each["gist"] for each in read["noted"]] == [noted.gist for noted in digest.noted]
