"""The example digest as people see it: `python -m tests.pictures <folder>` writes HTML, text and SVG.

The Discord pages are a look-alike drawn from the payloads that would be posted: good enough to judge line
breaks, lengths and escaping. Open the files in a browser.
"""

import re
import sys
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.rendering.discord import (
    ballot_view,
    digest_views,
    paper_view,
    payload,
    summary_views,
    text_view,
)
from bot.rendering.discord_answer import answer_view
from bot.rendering.discord_components import Component
from bot.rendering.discord_taste import portrait_text, taught_text, why_text
from bot.rendering.discord_view import View
from bot.rendering.discord_votes import confirm_view
from bot.rendering.html import digest_html
from bot.rendering.markdown import digest_markdown
from bot.rendering.terminal import digest_terminal, summary_terminal
from bot.taste.explaining import Explanation
from bot.taste.portrait import Portrait
from bot.taste.teaching import Taught
from bot.taste.verdict import Verdict
from storage.model import DigestStyle, Preference, PreferenceKind, Statement, Subject, VoteCount
from tests.bot.rendering.answers import EXAMPLES, QUESTION
from tests.bot.rendering.examples import example_digest, example_paper, example_summary

_PAGE = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>
body {{ background: #313338; color: #dbdee1; font: 16px/1.375 "Noto Sans", sans-serif; margin: 9px }}
.message {{ margin: 0 0 20px; max-width: 640px }}
.container {{ background: #2b2d31; border: 1px solid #3f4147; border-left: 4px solid; border-radius: 8px;
  padding: 14px 16px }}
.container > * {{ margin: 0 0 8px }} hr {{ border: 0; border-top: 1px solid #3f4147 }}
h1 {{ font-size: 24px }} h2 {{ font-size: 20px }} h3 {{ font-size: 17px }}
h1, h2, h3 {{ margin: 8px 0 4px; line-height: 1.3 }}
small {{ color: #949ba4; font-size: 13px; display: block }} a {{ color: #00a8fc; text-decoration: none }}
blockquote {{ border-left: 4px solid #4e5058; margin: 0; padding-left: 10px }}
.li {{ display: block; padding-left: 18px; text-indent: -12px }} .line {{ min-height: 1px }}
button, select {{ background: #4e5058; color: #fff; border: 0; border-radius: 4px; padding: 8px 14px }}
select {{ width: 100% }}
</style>{body}"""


def discord_page(payloads: list[dict[str, Any]]) -> str:
    """The messages, nearly as Discord would show them."""
    return _PAGE.format(
        body="".join(f'<div class="message">{_all(each["components"])}</div>' for each in payloads)
    )


def _all(components: list[dict[str, Any]]) -> str:
    return "".join(map(_component, components))


def _component(component: dict[str, Any]) -> str:
    match component["type"]:
        case 17:
            colour = f"#{component['accent_color'] or 0:06x}"
            inside = _all(component["components"])
            return f'<div class="container" style="border-left-color:{colour}">{inside}</div>'
        case 10:
            return f"<div>{''.join(map(_markdown, component['content'].splitlines()))}</div>"
        case 14:
            return "<hr>"
        case 1:
            return f"<div>{_all(component['components'])}</div>"
        case 2:
            return f"<button>{escape(component['label'])}{' ↗' if component.get('url') else ''}</button> "
        case 3:
            options = "".join(f"<option>{escape(option['label'])}" for option in component["options"])
            return f"<select><option>{escape(component['placeholder'])}{options}</select>"
        case other:
            raise ValueError(f"no picture for component {other}")


def _markdown(line: str) -> str:
    for start, tag in (("### ", "h3"), ("## ", "h2"), ("# ", "h1"), ("-# ", "small"), ("> ", "blockquote")):
        if line.startswith(start):
            return f"<{tag}>{_inline(line.removeprefix(start))}</{tag}>"
    if line.startswith("- "):
        return f'<span class="li">• {_inline(line[2:])}</span>'
    return f'<div class="line">{_inline(line)}</div>'


def _inline(text: str) -> str:
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1])
        return f"\x00{len(kept) - 1}\x00"

    html = escape(re.sub(r"\\([^0-9A-Za-z\s])", keep, text), quote=False)
    html = re.sub(r"\[([^\[\]]*)\]\((https?://[^\s()]*)\)", r'<a href="\2">\1</a>', html)
    html = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", html)
    html = re.sub(r"\*(.+?)\*", r"<i>\1</i>", html)
    return re.sub("\x00(\\d+)\x00", lambda match: escape(kept[int(match[1])]), html)


def summarize_views() -> list[View]:
    """What /summarize shows: progress; a stored, an older, two withdrawn, a German and an English-for-German
    summary; the other highlights, and one of them where French was asked for."""
    paper = example_paper(version=2)
    summary = example_summary(paper)
    german = replace(
        summary,
        language="de",
        gist=Statement(
            text="Wer verworfene Token mitzählt, wählt ein anderes Budget (1,4-mal so viel).", page=1
        ),
    )
    views = [
        text_view("asking arXiv… fetching… reading 14 pages… writing… checking numbers…"),
        paper_view(paper, summary, newest=paper, can_ask=True),
        paper_view(paper, summary, newest=replace(paper, version=3), can_ask=True),
        paper_view(paper, summary, newest=replace(paper, version=3, withdrawn=True)),
        paper_view(replace(paper, withdrawn=True), summary, newest=paper),
        paper_view(paper, german, newest=paper, code="de", can_ask=True),
        paper_view(paper, summary, newest=paper, code="de"),
    ]
    others = [(each.pick.paper, each.summary) for each in example_digest().highlights[1:]]
    views += (paper_view(other, made, newest=other, can_ask=True) for other, made in others)
    views += (paper_view(other, made, newest=other, code="fr") for other, made in others[1:2])
    return views


def taste_views() -> list[View]:
    """A paper to vote on, why papers were picked or not, and what a server likes."""
    liked, other = example_paper(1), example_paper(2, title="Sparse Keys, Revisited")
    followed = Preference(
        server_id=1, kind=PreferenceKind.FOLLOW, subject=Subject.AUTHOR, value="Ada Example"
    )
    picked = Verdict(
        paper=liked,
        week="2026-W47",
        highlight=2,
        is_ranked_again=True,
        reason=f'matches "decoding budgets" in its title; like "{other.title}", which was liked',
        resembled=(other, example_paper(3)),
        explanation=Explanation(
            paper_id=liked.id,
            place=2,
            considered=1_812,
            interests=('matches "decoding budgets" in its title', 'close in meaning to "inference cost"'),
            resembles=(other.title,),
            unlike=("A Survey of Surveys",),
            words=("budgeted", "decoding"),
        ),
    )
    left_out = Verdict(
        paper=other, week="2026-W47", obstacle='contains the excluded word "survey"', is_ranked_again=True
    )
    unread = replace(picked, highlight=None, reason=None, failed="The PDF is a scan without text.")
    likes = Portrait(
        likes=41,
        dislikes=12,
        people=7,
        words=("decoding", "draft", "budget", "speculative", "cache"),
        papers=(liked, other),
        authors=("Ada Example", "Bo Sample"),
        categories=("cs.CL", "cs.LG"),
        preferences=(followed,),
    )
    seeded = Taught(found=(liked, other), missing=("2611.99999",), too_many=3)
    words = [why_text(one) for one in (picked, left_out, unread)]
    words += [portrait_text(likes), taught_text(seeded)]
    return [
        ballot_view(liked, VoteCount(up=3, down=1)),
        *(text_view(text, markdown=True) for text in words),
        confirm_view("Delete all votes here?", "Delete them", Component.RESET.custom_id("taste")),
    ]


def main(folder: Path) -> None:
    """Write all pictures of the example digest into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    digest = example_digest()
    for style in DigestStyle:
        views = [
            each.view
            for each in digest_views(digest, style=style, marker=lambda part: f"-# 42-7-2026-W47-{part}")
        ]
        (folder / f"discord-{style}.html").write_text(discord_page([payload(view) for view in views]))
    opened = VoteCount(up=3, down=1)
    whole = [
        view
        for each in digest.highlights
        for view in summary_views(each.pick.paper, each.summary, can_ask=True, votes=opened)
    ]
    (folder / "discord-summaries.html").write_text(discord_page([payload(view) for view in whole]))
    answers = [payload(answer_view(answer, question=QUESTION, more="a1")) for answer in EXAMPLES]
    (folder / "discord-answers.html").write_text(discord_page(answers))
    (folder / "discord-asked.html").write_text(discord_page([payload(view) for view in summarize_views()]))
    (folder / "discord-taste.html").write_text(discord_page([payload(view) for view in taste_views()]))
    (folder / "digest.html").write_text(digest_html(digest))
    (folder / "digest.md").write_text(digest_markdown(digest))
    console = Console(width=80, record=True, force_terminal=True, file=(folder / "terminal.ansi").open("w"))
    console.print(digest_terminal(digest))
    (folder / "terminal.svg").write_text(console.export_svg(title="broadsheet", clear=False))
    (folder / "terminal.txt").write_text(console.export_text())
    first = digest.highlights[0]
    notes = ["This is v1; the newest version is v2."]
    console.print(summary_terminal(first.pick.paper, first.summary, notes=notes))
    (folder / "terminal-paper.svg").write_text(console.export_svg(title="broadsheet"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
