"""From what a person chose to the papers that are searched, fetched first where need be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answers.asked import compares
from bot.answers.counted import NoSuchPlaceError, with_keys
from bot.errors import InputError, PaperNotFoundError
from bot.papers.catalogue import Catalogue
from bot.papers.ids import Reference, mentions, parse
from bot.papers.library import Library
from bot.progress import Progress
from bot.rendering.wording import counted
from bot.turns import Line, no_line
from storage.database import Database
from storage.model import AskScope, Paper, PaperText, Reader, ScopeKind

_MOST_PAPERS = 3
"""So many papers are read for one question at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is searched, and for what."""

    question: str
    """Without the name of the paper, where it named one; of several, their titles stand for ids and links."""
    told: str
    """As a model reads it: titles stand for ids, links and places in a digest, which no passage has."""
    scope: AskScope
    paper_keys: tuple[str, ...] | None
    """None: everything stored."""
    words: str
    """The scope as people read it."""
    is_named: bool = False
    """Whether the question itself names a paper that is searched."""
    remark: str | None = None
    """What a reader should know about it: a paper of which only the abstract could be read."""
    abstracts: tuple[tuple[str, PaperText], ...] = ()
    """Title and abstract of each paper of which no more could be read, stored or not."""
    has_several: bool = False
    """Whether several papers were named, of which each that arXiv knows is searched."""


class Scopes:
    """Resolves scopes."""

    def __init__(self, *, database: Database, catalogue: Catalogue, library: Library) -> None:
        self._database = database
        self._catalogue = catalogue
        self._library = library

    async def meant(self, kind: ScopeKind | None, *, paper: str | None, thread_id: int | None) -> AskScope:
        """What a person's choice means where it was made.

        In a highlight's thread that paper, in a digest's that week, else the latest.

        Raises:
            InputError: "this paper" where there is none, or no arXiv id or link.
        """
        if paper is not None:
            return AskScope(kind=ScopeKind.PAPER, paper=parse(paper).key_or_id)
        here = None if thread_id is None else await self.at(thread_id)
        if here is not None and kind in {None, here.kind}:
            return here
        if kind is ScopeKind.PAPER:
            raise InputError("This is no highlight's thread: say which paper with the option `paper`.")
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
        is_follow_up: bool = False,
        progress: Progress,
        line: Line = no_line,
    ) -> Chosen:
        """The papers of a scope; those that the question names come before a wide one.

        Those of a digest it may name by their places, also when the digest was spoken of before.
        Beside a paper that was chosen with this question they are searched together with it. In a follow-up
        they take the place of those that were spoken of, unless it compares one with them.

        A reader's latest week is kept by its name, so that follow-ups stay with it when the next digest
        comes; without one it is everything they have seen. For nobody, the command line, everything is
        what is stored. `line` is waited in before a paper is fetched and read.

        Raises:
            InputError: there are no papers in it.
            ServiceError: a paper had to be fetched, and arXiv failed.
        """
        named, week, keys = _named(question), "", tuple[str, ...]()
        if not named and (scope.kind is ScopeKind.WEEK or scope.week is not None):
            week, keys = await self._week(scope.week, reader)
            question = _counted(question, week, keys, is_follow_up=is_follow_up)
            named = _named(question)
        moves_on = is_follow_up and named and not (len(named) == 1 and compares(question))
        ids = {reference.paper_id for reference in named}
        spoken_of = [] if moves_on else [one for one in map(parse, scope.papers) if one.paper_id not in ids]
        if spoken_of or named:
            chosen = await self._papers(question, spoken_of, named, progress, line)
            return replace(chosen, scope=replace(chosen.scope, week=week or None))
        if reader is None and scope.kind is ScopeKind.EVERYTHING:
            return Chosen(
                question=question, told=question, scope=scope, paper_keys=None, words="everything stored"
            )
        if keys:
            kept = AskScope(kind=ScopeKind.WEEK, week=week)
            return Chosen(
                question=question, told=question, scope=kept, paper_keys=keys, words=f"highlights of {week}"
            )
        assert reader is not None, "nobody's week is named, and everything is what is stored"
        keys = await self.seen(reader)
        if not keys:
            raise InputError(
                "I have no papers to look in here yet. Name one by its link in the question, or with the "
                "option `paper`: I read it then."
            )
        everything = AskScope(kind=ScopeKind.EVERYTHING)
        return Chosen(
            question=question, told=question, scope=everything, paper_keys=keys, words="everything seen here"
        )

    async def seen(self, reader: Reader) -> tuple[str, ...]:
        """The keys of everything that this reader has seen and that can be searched."""
        async with self._database.begin() as tx:
            return tuple(await tx.seen.with_passages(reader))

    async def _week(self, week: str | None, reader: Reader | None) -> tuple[str, tuple[str, ...]]:
        """The name and the highlights of a reader's week, or latest; for nobody, those of all its digests.

        Raises:
            InputError: it is for nobody, and no digest is stored.
        """
        async with self._database.begin() as tx:
            if reader is not None:
                digest = await tx.seen.digest(reader, week)
                if digest is None:
                    return "", ()
                return digest.week, tuple(highlight.pick.paper.key for highlight in digest.highlights)
            assert week is not None, "only a week by its name is for nobody"
            keys = tuple(await tx.seen.in_week(week))
        if not keys:
            raise InputError(
                f"No digest of {week} is stored. One is made by, for example, "
                f"`broadsheet digest --categories cs.CL --week {week}`."
            )
        return week, keys

    async def _papers(
        self,
        question: str,
        spoken_of: list[Reference],
        named: list[Reference],
        progress: Progress,
        line: Line,
    ) -> Chosen:
        """The papers spoken of and those that the question names, fetched and read."""
        # Those that this question names are what it asks about: they have to be among those that are read.
        references = [*spoken_of[: max(0, _MOST_PAPERS - len(named))], *named][:_MOST_PAPERS]
        papers, unknown = await self._known(references, named, progress, line)
        remarks, abstracts = [str(error) for error in unknown], []
        if len(named) > _MOST_PAPERS:
            remarks.append(f"I looked in the first {_MOST_PAPERS} of the {len(named)} papers named.")
        elif (count := len(spoken_of) + len(named)) > _MOST_PAPERS:
            remarks.append(f"I looked in {_MOST_PAPERS} of the {count} papers that this is about.")
        for paper in papers.values():
            text = await self._library.text(paper, progress=progress, line=line)
            if not text.is_full:
                abstracts.append((paper.title, text))
                which = "this paper" if len(papers) == 1 else f"“{paper.title}”"
                remarks.append(f"Of {which} I could read the abstract alone: {text.problem}.")
        keys = tuple(dict.fromkeys(paper.key for paper in papers.values()))
        titles = {reference: paper.title for reference, paper in papers.items()}
        has_several = len(keys) + len(unknown) > 1
        told = _titled(question, titles)
        return Chosen(
            question=told if has_several else _without(question, named),
            told=told,
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
        line: Line,
    ) -> tuple[dict[Reference, Paper], list[PaperNotFoundError]]:
        """Those of the papers that arXiv knows, and what to say of the others.

        Raises:
            PaperNotFoundError: of those that the question names, or without any of all, it knows none.
        """
        papers: dict[Reference, Paper] = {}
        unknown: list[PaperNotFoundError] = []
        for reference in references:
            try:
                papers[reference] = await self._catalogue.paper(reference, progress=progress, line=line)
            except PaperNotFoundError as error:
                unknown.append(error)
        if unknown and papers.keys().isdisjoint(named or references):
            raise unknown[-1]
        return papers, unknown


def _named(question: str) -> list[Reference]:
    return list(dict.fromkeys(mention.reference for mention in mentions(question)))


def _counted(question: str, week: str, keys: Sequence[str], *, is_follow_up: bool) -> str:
    """The question with keys for places in the digest of that week, which has these highlights.

    Raises:
        InputError: it has not so many.
    """
    if not keys:
        return question
    try:
        return with_keys(question, keys, is_follow_up=is_follow_up)
    except NoSuchPlaceError as error:
        has = counted(len(keys), "highlight")
        raise InputError(f"The digest of {week} has {has}: there is no number {error}.") from error


def with_titled(beside: Sequence[str], titled: Sequence[str]) -> AskScope | None:
    """The papers that a question names by titles, and those that it compares them with; None without a title.

    Those for which there is no room beside the titles come last.

    Args:
        beside: Keys or ids of papers; their own titles name no other.
        titled: The keys of the papers whose titles the question has.
    """
    known = {parse(paper).paper_id for paper in beside}
    others = [key for key in titled if parse(key).paper_id not in known]
    if not others:
        return None
    room = max(0, _MOST_PAPERS - len(others))
    paper, *also = (*beside[:room], *others, *beside[room:])
    return AskScope(kind=ScopeKind.PAPER, paper=paper, also=tuple(also))


def _titled(question: str, titles: Mapping[Reference, str]) -> str:
    """The question with titles in place of ids and links: what nobody reads, and no passage has."""
    return _renamed(question, {reference: f"“{title}”" for reference, title in titles.items()})


def _without(question: str, named: Sequence[Reference]) -> str:
    """The question without the ids and links that name the paper; as it was if nothing is left."""
    rest = _renamed(question, dict.fromkeys(named, ""))
    return rest if sum(any(map(str.isalnum, word)) for word in rest.split()) > 1 else question


def _renamed(question: str, names: Mapping[Reference, str]) -> str:
    """The question with these names in place of ids and links."""
    told, start = "", 0
    for mention in mentions(question):
        if mention.reference in names:
            told += f"{question[start : mention.start]}{names[mention.reference]} "
            start = mention.end
    return " ".join((told + question[start:]).split())
