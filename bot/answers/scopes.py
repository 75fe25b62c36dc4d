"""From what a person chose to the papers that are searched, fetched first where need be."""

from dataclasses import dataclass, replace

from bot.errors import InputError
from bot.papers.catalogue import Catalogue
from bot.papers.ids import Reference, find_first, mentions, parse
from bot.papers.library import Library
from bot.progress import Progress
from storage.database import Database
from storage.model import AskScope, Reader, ScopeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is searched, and for what."""

    question: str
    """Without the name of the paper, where it named one."""
    scope: AskScope
    paper_keys: tuple[str, ...] | None
    """None: everything stored."""
    words: str
    """The scope as people read it."""
    is_named: bool = False
    """Whether the question itself names the one paper that is searched."""
    remark: str | None = None
    """What a reader should know about it: a paper of which only the abstract could be read."""


class Scopes:
    """Resolves scopes."""

    def __init__(self, *, database: Database, catalogue: Catalogue, library: Library) -> None:
        self._database = database
        self._catalogue = catalogue
        self._library = library

    async def meant(self, kind: ScopeKind | None, *, paper: str | None, thread_id: int | None) -> AskScope:
        """What a person's choice means where it was made: in a highlight's thread that paper, else the week.

        Raises:
            InputError: "this paper" where there is none, or no arXiv id or link.
        """
        if paper is not None:
            return AskScope(kind=ScopeKind.PAPER, paper=parse(paper).key_or_id)
        if kind in {None, ScopeKind.PAPER} and thread_id is not None:
            async with self._database.begin() as tx:
                here = await tx.seen.in_thread(thread_id)
            if here is not None:
                return AskScope(kind=ScopeKind.PAPER, paper=here)
        if kind is ScopeKind.PAPER:
            raise InputError("This is no highlight's thread: say which paper with the option `paper`.")
        return AskScope(kind=kind or ScopeKind.WEEK)

    async def chosen(
        self, question: str, scope: AskScope, reader: Reader | None, *, progress: Progress
    ) -> Chosen:
        """The papers of a scope; a paper that the question names comes before what the scope says.

        A reader's latest week is kept by its name, so that follow-ups stay with it when the next digest
        comes; without one it is everything they have seen. For nobody, the command line, everything is
        what is stored.

        Raises:
            InputError: there are no papers in it.
            ServiceError: a paper had to be fetched, and arXiv failed.
        """
        named = find_first(question)
        if named is not None:
            rest = _without(question, named)
            return replace(await self._paper(named, progress), question=rest, is_named=True)
        if scope.kind is ScopeKind.PAPER:
            assert scope.paper is not None, "a scope of one paper names it"
            return replace(await self._paper(parse(scope.paper), progress), question=question)
        if reader is None and scope.kind is ScopeKind.EVERYTHING:
            return Chosen(question=question, scope=scope, paper_keys=None, words="everything stored")
        if scope.kind is ScopeKind.WEEK:
            week, keys = await self._week(scope.week, reader)
            if keys:
                kept = AskScope(kind=ScopeKind.WEEK, week=week)
                return Chosen(question=question, scope=kept, paper_keys=keys, words=f"highlights of {week}")
        assert reader is not None, "nobody's week is named, and everything is what is stored"
        keys = await self.seen(reader)
        if not keys:
            raise InputError(
                "I have no papers to look in here yet. Name one with the option `paper`: I read it then."
            )
        everything = AskScope(kind=ScopeKind.EVERYTHING)
        return Chosen(question=question, scope=everything, paper_keys=keys, words="everything seen here")

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

    async def _paper(self, reference: Reference, progress: Progress) -> Chosen:
        paper = await self._catalogue.paper(reference, progress=progress)
        text = await self._library.text(paper, progress=progress)
        return Chosen(
            question="",
            scope=AskScope(kind=ScopeKind.PAPER, paper=paper.key),
            paper_keys=(paper.key,),
            words=paper.title,
            remark=None
            if text.is_full
            else f"Of this paper I could read the abstract alone: {text.problem}.",
        )


def _without(question: str, named: Reference) -> str:
    """The question without the ids and links that name the paper; as it was if nothing is left."""
    rest, start = "", 0
    for mention in mentions(question):
        if mention.reference == named:
            rest += f"{question[start : mention.start]} "
            start = mention.end
    words = (rest + question[start:]).split()
    told = sum(any(map(str.isalnum, word)) for word in words)
    return " ".join(words) if told > 1 else question
