"""Turns what a person chose into the papers to search, fetched first if need be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answers.asked import asks_of_others, asks_of_week, compares, points_back
from bot.answers.digest_places import NoSuchPlaceError, with_keys
from bot.answers.naming import with_titles, without_ids
from bot.answers.overview import asks_for_overview, asks_of_all
from bot.errors import InputError, PaperNotFoundError
from bot.papers.catalogue import Catalogue
from bot.papers.ids import Reference, find_first, mentions, parse
from bot.papers.library import Library
from bot.progress import Progress
from bot.queues import Queue, no_queue
from bot.rendering.wording import counted
from storage.batches import batched
from storage.database import Database
from storage.model import AskScope, Conversation, Paper, PaperText, Reader, ScopeKind

_MOST_PAPERS = 3
"""The most papers that are read for one question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What to search, and what for."""

    question: str
    """Without the paper's name if it named one, and empty if it says nothing else; with titles in place of
    ids and links if it named several."""
    for_model: str
    """As a model gets it: with titles in place of ids, links and places in a digest, which no passage has."""
    scope: AskScope
    paper_keys: tuple[str, ...] | None
    """None: everything stored."""
    words: str
    """The scope as people read it."""
    is_named: bool = False
    """Whether the question itself names a paper that is searched."""
    remark: str | None = None
    """What a reader should know, such as that only the abstract of a paper could be read."""
    abstracts: tuple[tuple[str, PaperText], ...] = ()
    """Title and text of each paper of which only the abstract could be read, stored or not."""
    has_several: bool = False
    """Whether several papers are meant; each that arXiv knows is searched."""


class Scopes:
    """Resolves scopes."""

    def __init__(self, *, database: Database, catalogue: Catalogue, library: Library) -> None:
        self._database = database
        self._catalogue = catalogue
        self._library = library

    def meant(
        self, kind: ScopeKind | None, *, question: str = "", paper: str | None, here: AskScope | None
    ) -> AskScope:
        """The scope that a choice means where it was made: in a thread about a paper or a week, `here`.

        Elsewhere it is the latest week, and "this paper" is the one that the question names.

        Raises:
            InputError: "this paper" was chosen where there is none, or `paper` is no arXiv id or link.
        """
        if paper is not None:
            return AskScope(kind=ScopeKind.PAPER, paper=parse(paper).key_or_id)
        if here is not None and kind in {None, here.kind}:
            return here
        if kind is ScopeKind.PAPER:
            named = find_first(question)
            if named is None:
                raise InputError(
                    "This isn't a paper's thread: choose a paper with the option `paper`, or put a link "
                    "to it in your question."
                )
            return AskScope(kind=kind, paper=named.key_or_id)
        return AskScope(kind=kind or ScopeKind.WEEK)

    async def at(self, place_id: int) -> AskScope | None:
        """What a message of a digest, or a thread under it, is about: one paper, or the week as a whole."""
        async with self._database.begin() as tx:
            shown = await tx.deliveries.shown_at(place_id)
        if shown is None:
            return None
        week, paper = shown
        if paper is None:
            return AskScope(kind=ScopeKind.WEEK, week=week)
        return AskScope(kind=ScopeKind.PAPER, paper=paper)

    async def chosen(
        self,
        question: str,
        scope: AskScope,
        reader: Reader | None,
        *,
        after: Conversation | None = None,
        progress: Progress,
        queue: Queue = no_queue,
    ) -> Chosen:
        """The papers of a scope; those that the question names replace a week or everything.

        It may name a digest's papers by their places, also when the digest was spoken of before. If a paper
        was chosen with this question, those it names are searched as well. In a follow-up (to `after`) they
        replace the papers spoken of before, unless it compares them with these.

        A reader's latest week is recorded by its name, so that follow-ups stay with it when the next digest
        comes; without any digest it is everything they have seen. Without a reader, on the command line,
        everything is all that is stored. `queue` is the queue to wait in before a paper is fetched and read.

        Raises:
            InputError: the scope has no papers.
            ServiceError: a paper had to be fetched, and arXiv failed.
        """
        named, week, keys = _references_in(question), "", tuple[str, ...]()
        if not named and (scope.kind is ScopeKind.WEEK or scope.week is not None):
            week, keys = await self._week(scope.week, reader)
            is_follow_up = after is not None and not _went_by_places(after, keys)
            question = _with_places_resolved(question, week, keys, is_follow_up=is_follow_up)
            named = _references_in(question)
        moves_on = after is not None and named and not _compares_with_before(question, named)
        ids = {reference.paper_id for reference in named}
        from_scope = [] if moves_on else [one for one in map(parse, scope.papers) if one.paper_id not in ids]
        if from_scope or named:
            chosen = await self._papers(question, from_scope, named, progress, queue)
            return replace(chosen, scope=replace(chosen.scope, week=week or None))
        if reader is None and scope.kind is ScopeKind.EVERYTHING:
            await self._check_that_any_is_stored()
            return _wide(question, scope, None, "everything stored")
        if keys:
            of_week = AskScope(kind=ScopeKind.WEEK, week=week)
            return _wide(question, of_week, keys, f"highlights of {week}")
        assert reader is not None, "without a reader, every kind of scope is handled above"
        keys = await self.seen(reader)
        if not keys:
            raise InputError(
                "I have no papers to search here yet. Name a paper in your question by its arXiv id or link, "
                "and I'll read it."
            )
        everything = AskScope(kind=ScopeKind.EVERYTHING)
        return _wide(question, everything, keys, "everything seen here")

    async def seen(self, reader: Reader) -> tuple[str, ...]:
        """The keys of all papers that this reader has seen and that can be searched."""
        async with self._database.begin() as tx:
            ids = await tx.seen.paper_ids(reader)
        keys = list[str]()
        for batch in batched(ids):  # in one transaction, everyone else would wait for years of papers
            async with self._database.begin() as tx:
                keys += await tx.passages.newest_keys(batch)
        return tuple(keys)

    async def _check_that_any_is_stored(self) -> None:
        async with self._database.begin() as tx:
            if not await tx.passages.any():
                raise InputError(
                    "No paper is stored yet. Make a digest with, for example, `broadsheet digest "
                    "--categories cs.CL`, or name a paper by its arXiv id or link."
                )

    async def _week(self, week: str | None, reader: Reader | None) -> tuple[str, tuple[str, ...]]:
        """The name and highlights of a reader's week, or latest; without a reader, of all its digests.

        Raises:
            InputError: there is no reader, and no digest of the week is stored.
        """
        async with self._database.begin() as tx:
            if reader is not None:
                digest = await tx.seen.digest(reader, week)
                if digest is None:
                    return "", ()
                return digest.week, tuple(highlight.pick.paper.key for highlight in digest.highlights)
            assert week is not None, "without a reader, the week is always named"
            keys = tuple(await tx.seen.highlights_of_week(week))
        if not keys:
            raise InputError(
                f"No digest of {week} is stored. Make one with, for example, "
                f"`broadsheet digest --categories cs.CL --week {week}`."
            )
        return week, keys

    async def _papers(
        self,
        question: str,
        from_scope: list[Reference],
        named: list[Reference],
        progress: Progress,
        queue: Queue,
    ) -> Chosen:
        """The scope's papers and those that the question names, fetched and read."""
        # The question is about the papers that it names: they have to be among those that are read.
        references = [*from_scope[: max(0, _MOST_PAPERS - len(named))], *named][:_MOST_PAPERS]
        papers, unknown = await self._known(references, named, progress, queue)
        remarks, abstracts = [str(error) for error in unknown], []
        if len(named) > _MOST_PAPERS:
            remarks.append(f"I looked in the first {_MOST_PAPERS} of the {len(named)} papers named.")
        elif (count := len(from_scope) + len(named)) > _MOST_PAPERS:
            remarks.append(f"I looked in {_MOST_PAPERS} of the {count} papers this is about.")
        for paper in papers.values():
            text = await self._library.text(paper, progress=progress, queue=queue)
            if not text.is_full:
                abstracts.append((paper.title, text))
                which = "this paper" if len(papers) == 1 else f"“{paper.title}”"
                remarks.append(f"I could read only the abstract of {which}: {text.problem}.")
        keys = tuple(dict.fromkeys(paper.key for paper in papers.values()))
        titles = {reference: paper.title for reference, paper in papers.items()}
        has_several = len(keys) + len(unknown) > 1
        for_model = with_titles(question, titles)
        return Chosen(
            question=for_model if has_several else without_ids(question),
            for_model=for_model,
            scope=AskScope(kind=ScopeKind.PAPER, paper=keys[0], also=keys[1:]),
            paper_keys=keys,
            words="; ".join(dict.fromkeys(titles.values())),
            is_named=bool(named),
            remark=" ".join(remarks) or None,
            abstracts=tuple(abstracts),
            has_several=has_several,
        )

    async def _known(
        self,
        references: Sequence[Reference],
        named: Sequence[Reference],
        progress: Progress,
        queue: Queue,
    ) -> tuple[dict[Reference, Paper], list[PaperNotFoundError]]:
        """The papers that arXiv knows, and what to say about the others.

        Raises:
            PaperNotFoundError: it knows none of those that the question names, or of all if it names none.
        """
        papers: dict[Reference, Paper] = {}
        unknown: list[PaperNotFoundError] = []
        for reference in references:
            try:
                papers[reference] = await self._catalogue.paper(reference, progress=progress, queue=queue)
            except PaperNotFoundError as error:
                unknown.append(error)
        if unknown and papers.keys().isdisjoint(named or references):
            raise unknown[-1]
        return papers, unknown


def _wide(question: str, scope: AskScope, paper_keys: tuple[str, ...] | None, words: str) -> Chosen:
    """What to search if no paper is named."""
    return Chosen(question=question, for_model=question, scope=scope, paper_keys=paper_keys, words=words)


def _references_in(question: str) -> list[Reference]:
    return list(dict.fromkeys(mention.reference for mention in mentions(question)))


def _compares_with_before(question: str, named: Sequence[Reference]) -> bool:
    """Whether it compares what was spoken of before with the papers that it names."""
    before_names = question[: next(mentions(question)).start]
    return compares(question) and (len(named) == 1 or points_back(before_names))


def _went_by_places(conversation: Conversation, keys: Sequence[str]) -> bool:
    """Whether its last question was about a whole digest, or named the paper it is about by its place."""
    last = conversation.turns[-1].question if conversation.turns else ""
    if conversation.scope.kind is ScopeKind.WEEK:
        return asks_for_overview(last) and asks_of_all(last)
    try:
        named = _references_in(with_keys(last, keys, is_follow_up=False))
    except NoSuchPlaceError:
        return False
    return len(named) == 1 and conversation.scope.papers == (named[0].key_or_id,)


def _with_places_resolved(question: str, week: str, keys: Sequence[str], *, is_follow_up: bool) -> str:
    """The question with keys in place of "the second paper"; the week's digest has these as highlights.

    Raises:
        InputError: the digest has fewer.
    """
    if not keys:
        return question
    try:
        return with_keys(question, keys, is_follow_up=is_follow_up)
    except NoSuchPlaceError as error:
        has = counted(len(keys), "highlight")
        raise InputError(f"The digest of {week} has {has}: there is no number {error}.") from error


def scope_of_titles(compared: Sequence[str], titled: Sequence[str]) -> AskScope | None:
    """The papers that a question names by title, and those it compares them with; None without a title.

    Those compared with that would exceed the limit come last.

    Args:
        compared: Keys or ids of the papers compared with; their own titles name no others.
        titled: The keys of the papers whose titles the question has.
    """
    known = {parse(paper).paper_id for paper in compared}
    others = [key for key in titled if parse(key).paper_id not in known]
    if not others:
        return None
    room = max(0, _MOST_PAPERS - len(others))
    paper, *also = (*compared[:room], *others, *compared[room:])
    return AskScope(kind=ScopeKind.PAPER, paper=paper, also=tuple(also))


def widened(question: str, scope: AskScope) -> AskScope:
    """The scope of a follow-up: a week or everything again if it asks beyond the papers spoken of."""
    is_of_week = asks_of_week(question)
    if scope.kind is not ScopeKind.PAPER or not (is_of_week or asks_of_others(question)):
        return scope
    kind = ScopeKind.WEEK if is_of_week or scope.week is not None else ScopeKind.EVERYTHING
    return AskScope(kind=kind, week=scope.week)
