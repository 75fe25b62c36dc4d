"""What a community follows and mutes (pure)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.taste.eligibility import Objection
from bot.taste.spelling import Authors
from bot.taste.words import phrase_finder
from storage.model import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Names, phrases and categories, as people wrote them; `bot.taste.spelling` compares names and phrases.

    What is muted is never picked, even if it is also followed. While the digest has places, every paper by a
    followed author or on a followed topic is shown, and the best one of a followed category. A topic is found
    in the singular and the plural, a word only as it is written, and an author with or without middle
    initials.
    """

    followed_authors: tuple[str, ...] = ()
    followed_topics: tuple[str, ...] = ()
    followed_categories: tuple[str, ...] = ()
    muted_authors: tuple[str, ...] = ()
    muted_topics: tuple[str, ...] = ()
    muted_categories: tuple[str, ...] = ()
    muted_words: tuple[str, ...] = ()

    def objections(self) -> tuple[Objection, ...]:
        """Checks that say why a paper is muted; None if it is not."""
        return (
            _by_author(self.muted_authors, 'by the muted author "{}"'),
            _by_phrase(phrase_finder(self.muted_topics, in_any_number=True), 'on the muted topic "{}"'),
            _by_phrase(phrase_finder(self.muted_words), 'contains the muted word "{}"'),
            _by_category(self.muted_categories, "listed in the muted category {}"),
        )

    def wanted(self) -> Callable[[Paper], int]:
        """A function giving 2 to a paper that must be shown, 1 to one of a followed category, else 0."""
        must, in_category = self._must_show(), _by_category(self.followed_categories, "{}")

        def degree(paper: Paper) -> int:
            return 2 if any(check(paper) for check in must) else int(in_category(paper) is not None)

        return degree

    def followed(self, papers: Sequence[Paper]) -> dict[int, str]:
        """Rows of the papers that have to be shown, the most wanted first, each with the reason.

        Args:
            papers: The best first; only the first one of a followed category has to be shown.
        """
        found: dict[int, str] = {}
        for check in self._must_show():
            for row, paper in enumerate(papers):
                if why := check(paper):
                    found.setdefault(row, why)
        for category in self.followed_categories:
            in_category = _by_category((category,), "the best of {}, which is followed")
            best = next(((row, why) for row, paper in enumerate(papers) if (why := in_category(paper))), None)
            if best is not None:
                found.setdefault(*best)
        return found

    def _must_show(self) -> tuple[Objection, ...]:
        return (
            _by_author(self.followed_authors, "by {}, who is followed"),
            _by_phrase(phrase_finder(self.followed_topics, in_any_number=True), 'on "{}", which is followed'),
        )


def _by_author(names: Sequence[str], why: str) -> Objection:
    wanted = Authors(names)

    def check(paper: Paper) -> str | None:
        found = next((name for author in paper.authors if (name := wanted.find(author))), None)
        return None if found is None else why.format(found)

    return check if names else _nothing


def _by_phrase(named: Callable[[Paper], str | None], why: str) -> Objection:
    def check(paper: Paper) -> str | None:
        found = named(paper)
        return None if found is None else why.format(found)

    return check


def _by_category(categories: Sequence[str], why: str) -> Objection:
    wanted = {category.strip().casefold() for category in categories} - {""}

    def check(paper: Paper) -> str | None:
        found = next((own for own in paper.categories if own.casefold() in wanted), None)
        return None if found is None else why.format(found)

    return check if wanted else _nothing


def _nothing(_: Paper) -> None:
    return None
