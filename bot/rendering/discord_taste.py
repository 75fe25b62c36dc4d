"""A taste, and the reasons for a choice, as Discord text (pure)."""

from collections.abc import Collection, Iterable, Sequence

from bot.rendering import wording
from bot.rendering.discord_text import escape, escaped_length, link, shown
from bot.taste.explaining import Explanation
from bot.taste.portrait import Portrait
from bot.taste.spelling import folded_author
from bot.taste.teaching import MOST_UNKNOWN, Taught
from bot.taste.transfer import MOST_PAPERS, MOST_PREFERENCES, MOST_VOTES, Exported
from bot.taste.verdict import Verdict
from bot.texts.latex import plain_line
from storage.model import Paper, Preference, PreferenceKind, Subject

_LISTED = 8
_MADE_AGAIN = (
    "-# The week's papers were ranked again to explain this, with the votes from before the digest that "
    "still stand, and with today's follows, mutes and excluded words."
)


def why_text(verdict: Verdict) -> str:
    """Why a paper was or was not picked."""
    lines = [f"### {link(wording.title(verdict.paper), verdict.paper.abs_url)}", _outcome(verdict)]
    if verdict.reason:
        lines.append(f"Picked because: {shown(plain_line(verdict.reason), 400)}.")
    if verdict.explanation is not None:
        lines += _explained(verdict, verdict.explanation)
    lines += (f"-# {shown(remark, 300)}" for remark in verdict.remarks)
    if verdict.is_ranked_again:
        lines.append(_MADE_AGAIN)
    return "\n".join(lines)


def portrait_text(portrait: Portrait) -> str:
    """What the bot thinks a server likes."""
    lines = ["### What this server seems to like"]
    if not (portrait.likes or portrait.dislikes or portrait.people):
        lines.append(
            "No votes yet, so papers are chosen by the interests from `/setup`. "
            "👍 and 👎 under papers change that, and so does `/taste seed`."
        )
    else:
        liked = wording.counted(portrait.likes, "paper")
        voters = wording.counted(portrait.people, "person", "people")
        lines.append(
            f"{liked} liked, {portrait.dislikes:,} disliked (votes of {voters}, seeds and imported files)."
        )
    if portrait.words:
        lines.append(f"**Words**: {shown(', '.join(portrait.words), 400)}")
    if portrait.papers:
        lines.append("**Liked most**")
        lines += _papers(portrait.papers)
    if portrait.authors:
        lines.append(f"**Authors**: {shown(plain_line(', '.join(portrait.authors)), 300)}")
    if portrait.categories:
        lines.append(f"**Categories**: {shown(', '.join(portrait.categories), 200)}")
    for kind, words in ((PreferenceKind.FOLLOW, "Followed"), (PreferenceKind.MUTE, "Muted")):
        named = [f"{one.value} ({one.subject.value})" for one in portrait.preferences if one.kind is kind]
        if named:
            lines.append(f"**{words}**: {_as_many_as_fit(named, 500)}")
    return "\n".join(lines)


def _as_many_as_fit(names: Sequence[str], limit: int) -> str:
    """As many whole names as fit, and how many more there are."""
    words = ""
    for count, name in enumerate(names):
        longer = f"{words}, {name}" if words else name
        if words and escaped_length(longer) > limit:
            return f"{shown(words)} and {len(names) - count:,} more (`/taste export` has them all)"
        words = longer
    return shown(words, limit)


def export_text(exported: Exported) -> str:
    """What is missing from an exported taste; empty if it is complete."""
    if not exported.left_out:
        return ""
    return (
        f"Not in this file: {exported.left_out:,} of the votes, seeds, follows and mutes. "
        f"A file holds at most the newest {MOST_VOTES:,} votes, the newest {MOST_PAPERS:,} papers, "
        f"and {MOST_PREFERENCES:,} follows and mutes."
    )


def preference_text(stored: Preference, covered: Sequence[str]) -> str:
    """Confirms a follow or mute; plain text, no Markdown.

    Args:
        stored: What is followed or muted now.
        covered: The digest's categories; empty if there is no digest.
    """
    done = "Followed" if stored.kind is PreferenceKind.FOLLOW else "Muted"
    words = f"{done}: {stored.value} ({stored.subject})."
    if stored.subject is Subject.AUTHOR and not _is_full_name(stored.value):
        words += " Papers list full names, so this only finds authors listed under exactly this name."
    if stored.subject is Subject.CATEGORY and covered:
        words += _beside_the_covered(stored, covered)
    return words


def _beside_the_covered(stored: Preference, covered: Sequence[str]) -> str:
    """What following or muting a category means for a digest of these categories; empty if as expected."""
    is_covered = stored.value in covered
    if stored.kind is PreferenceKind.FOLLOW:
        only = f" The digest only looks at papers in {', '.join(covered)}; /setup changes that."
        return "" if is_covered else only
    if not is_covered:
        return ""
    others = [category for category in covered if category != stored.value]
    if not others:
        return " The digest covers nothing else, so it will be empty. /taste forget takes this back."
    return (
        f" The digest covers it, but now leaves out its papers, even those that are in {_either(others)} too."
    )


def _either(names: Sequence[str]) -> str:
    """Such as "cs.CL, cs.IR or cs.LG"."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def _is_full_name(author: str) -> bool:
    """Whether it has at least two words that are more than initials."""
    return sum(len(word) > 1 for word in folded_author(author).split()) > 1


def taught_text(taught: Taught) -> str:
    """The result of `/taste seed` or `/taste import`."""
    added = wording.counted(len(taught.found), "paper")
    if taught.disliked:
        added += f" ({len(taught.disliked):,} of them as disliked)"
    if taught.preferences:
        added += f" and {wording.counted(taught.preferences, 'follow or mute', 'follows and mutes')}"
    lines = [f"I added {added} to this server's taste."]
    lines += _papers(taught.found[:_LISTED], disliked=taught.disliked)
    if len(taught.found) > _LISTED:
        lines.append(f"- and {len(taught.found) - _LISTED} more")
    if taught.known:
        were = "was" if taught.known == 1 else "were"
        lines.append(f"{wording.counted(taught.known, 'paper')} in the list {were} there already.")
    if taught.missing:
        lines.append(f"arXiv does not know {_first(taught.missing)}.")
    if taught.cut:
        one, several = "entry looks like an id", "entries look like ids"
        lines.append(
            f"{wording.counted(len(taught.cut), one, several)} whose last zeros a spreadsheet cut off: "
            f"{_first(taught.cut)}. Put the ids into a column formatted as text, then send the list again."
        )
    if taught.too_many and len(taught.missing) >= MOST_UNKNOWN:
        lines.append(
            f"I did not look up the remaining {taught.too_many:,}: remove what arXiv does not know from the "
            "list, then send it again."
        )
    elif taught.too_many:
        lines.append(
            f"I cannot take more at once: send the list again for the remaining {taught.too_many:,}."
        )
    return "\n".join(lines)


def _first(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _LISTED:,} more" if len(ids) > _LISTED else ""
    return f"{escape(', '.join(ids[:_LISTED]))}{more}"


def _outcome(verdict: Verdict) -> str:
    if verdict.highlight is not None:
        return f"**Highlight {verdict.highlight}** in the digest of {verdict.week}."
    if verdict.noted is not None:
        return f"**Also noted** (no. {verdict.noted}) in the digest of {verdict.week}."
    if verdict.failed is not None:
        why = shown(verdict.failed, 500)
        return f"**Picked** for the digest of {verdict.week}, but it could not be read: {why}"
    because = f": {shown(verdict.obstacle, 500)}." if verdict.obstacle else "."
    return f"**Not picked** for the digest of {verdict.week}{because}"


def _explained(verdict: Verdict, explanation: Explanation) -> list[str]:
    lines = [f"Its rank that week: {explanation.place:,} of {explanation.considered:,}."]
    is_left_out = not verdict.was_picked
    if explanation.followed and is_left_out:
        lines.append(
            f"It is {shown(explanation.followed, 200)}, but only since then, or there was no place left."
        )
    if explanation.repeats is not None and is_left_out:
        twin = shown(plain_line(explanation.repeats), 200)
        before = "is in the digest" if verdict.twin_is_shown else "came before it"
        lines.append(f"It says nearly the same as {twin}, which {before}; only one of such papers is shown.")
    lines += _lost_places(verdict)
    interests = "; ".join(explanation.interests)
    interests = interests or ("none match" if verdict.has_interests else "none are set")
    lines.append(f"**Interests**: {shown(interests, 400)}")
    if verdict.resembled:
        lines.append("**Moved up by similar papers that were liked**")
        lines += _papers(verdict.resembled)
    if explanation.unlike:
        lines.append("**Moved down by similar papers that were disliked**")
        lines += (f"- {shown(plain_line(title), 200)}" for title in explanation.unlike)
    if explanation.words:
        lines.append(f"**Title words that counted**: {shown(', '.join(explanation.words), 300)}")
    return lines


def _lost_places(verdict: Verdict) -> list[str]:
    """What took the place that its rank alone would have given it."""
    others = []
    if verdict.lost_to_followed:
        others.append(wording.counted(verdict.lost_to_followed, "followed paper"))
    if verdict.lost_to_exploration:
        others.append("an exploration pick")
    if not others:
        return []
    who = " and ".join(others)
    return [f"Its rank alone would have given it a place, but {who} from further down came first."]


def _papers(papers: Iterable[Paper], *, disliked: Collection[str] = ()) -> list[str]:
    lines = ((paper.id, f"- {link(wording.title(paper), paper.abs_url, 200)}") for paper in papers)
    return [f"{line} 👎" if paper_id in disliked else line for paper_id, line in lines]
