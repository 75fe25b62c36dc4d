"""What is followed and muted."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.taste.examples import Example
from bot.taste.preferences import Preferences
from bot.taste.ranking import rank
from storage.model import Paper
from tests.bot import examples as make

NewPaper = Callable[..., Paper]
AUTHORS = ("Ada Lovelace", "José Ñandú", "Kurt Gödel")
TITLES = ("On speech", "Graph networks", "Robot hands")

papers = st.lists(
    st.tuples(st.sampled_from(AUTHORS), st.sampled_from(TITLES), st.sampled_from(["cs.CL", "cs.LG"])),
    min_size=1,
    max_size=15,
).map(
    lambda rows: [
        make.paper(f"2611.{number:05}", title=f"{title} {number}", authors=(author,), categories=(category,))
        for number, (author, title, category) in enumerate(rows)
    ]
)
preferences = st.builds(
    Preferences,
    followed_authors=st.lists(st.sampled_from(AUTHORS), max_size=2).map(tuple),
    followed_topics=st.lists(st.sampled_from(["speech", "robot hands"]), max_size=2).map(tuple),
    followed_categories=st.lists(st.sampled_from(["cs.CL", "cs.LG"]), max_size=2).map(tuple),
    muted_authors=st.lists(st.sampled_from(AUTHORS), max_size=2).map(tuple),
    muted_topics=st.lists(st.sampled_from(["speech", "robot hands"]), max_size=2).map(tuple),
    muted_categories=st.lists(st.sampled_from(["cs.CL"]), max_size=1).map(tuple),
    muted_words=st.lists(st.sampled_from(["graph", "on"]), max_size=2).map(tuple),
)
votes = st.lists(
    st.builds(
        Example,
        paper_id=st.sampled_from("abc"),
        title=st.sampled_from(TITLES),
        vector=st.none(),
        liking=st.sampled_from([-1.0, 1.0]),
    ),
    max_size=3,
)
interests = st.sampled_from(["", "speech; graph networks"])


@settings(deadline=None, max_examples=60)
@given(papers, preferences, votes, interests)
def test_muting_always_wins(
    week: list[Paper], stated: Preferences, known: list[Example], topics: str
) -> None:
    ranking = rank(week, interests=topics, preferences=stated, examples=known, places=4)

    for pick in ranking.picks:
        assert not set(pick.paper.authors) & set(stated.muted_authors)
        assert not set(pick.paper.categories) & set(stated.muted_categories)
        said = f"{pick.paper.title} {pick.paper.abstract}".lower().split()
        assert not any(
            set(words.split()) <= set(said) for words in (*stated.muted_words, *stated.muted_topics)
        )


@settings(deadline=None, max_examples=60)
@given(papers, preferences, votes, interests)
def test_following_always_shows(
    week: list[Paper], stated: Preferences, known: list[Example], topics: str
) -> None:
    ranking = rank(week, interests=topics, preferences=stated, examples=known, places=4)

    by_followed = [pick for pick in ranking.picks if set(pick.paper.authors) & set(stated.followed_authors)]
    shown = [pick for pick in ranking.picks[:4] if pick in by_followed]
    assert len(shown) == min(4, len(by_followed))
    assert all("who is followed" in pick.reason for pick in shown)


@settings(deadline=None, max_examples=30)
@given(papers, preferences, votes, interests)
def test_every_paper_has_a_place_and_an_explanation_or_is_dropped(
    week: list[Paper], stated: Preferences, known: list[Example], topics: str
) -> None:
    ranking = rank(week, interests=topics, preferences=stated, examples=known, places=4)

    assert len(ranking.picks) + len(ranking.dropped) == len(week)
    assert set(ranking.explanations) == {pick.paper.id for pick in ranking.picks}
    assert all(pick.reason == ranking.explanations[pick.paper.id].reason for pick in ranking.picks)
    assert sorted(found.place for found in ranking.explanations.values()) == list(
        range(1, len(ranking.picks) + 1)
    )


def test_names_are_found_without_case_and_accents(paper: NewPaper) -> None:
    week = [paper("Speech", authors=("Jose  Nandu", "Someone Else")), paper("Other")]

    ranking = rank(week, interests="", preferences=Preferences(muted_authors=("JOSÉ ÑANDÚ",)))

    assert [dropped.why for dropped in ranking.dropped] == ['by the muted author "JOSÉ ÑANDÚ"']


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("Hinton, Geoffrey", "Geoffrey Hinton"),
        ("Geoffrey Hinton", "Hinton, Geoffrey"),
        ("J.R. Smith", "J. R. Smith"),
        ("Smith, J. R.", "J.R. Smith"),
        ("Łukasz Kaiser", "Lukasz Kaiser"),
        ("Soren Kierkegaard", "Søren Kierkegaard"),
        ("Kurt Gödel", r"Kurt G\"odel"),
        ("Griffey, Jr.", "Griffey Jr"),
        ("Ken Griffey, Jr.", "Ken Griffey Jr."),
        ("Geoffrey Hinton", "Geoffrey E. Hinton"),
        ("Hinton, Geoffrey E.", "Geoffrey Hinton"),
        ("Griffey, Jr., Ken", "Ken Griffey Jr."),
        ("Griffey, Ken, Jr.", "Ken Griffey Jr."),
        ("Xavier III, Charles", "Charles Xavier III"),
        ("LHCb Collaboration", "The LHCb Collaboration"),
        ("LHCb Collaboration", "on behalf of the LHCb Collaboration"),
        ("for the LHCb Collaboration", "LHCb Collaboration"),
        ("Mei-Ling Example", "Meiling Example"),
        ("Meiling Example", "Mei-Ling Example"),
        ("Mei Ling Example", "Mei-Ling Example"),
    ],
)
def test_an_author_is_found_however_the_name_is_put(paper: NewPaper, name: str, author: str) -> None:
    week = [paper("Speech", authors=(author,)), paper("Other")]

    ranking = rank(week, interests="", preferences=Preferences(muted_authors=(name,)))

    assert [dropped.why for dropped in ranking.dropped] == [f'by the muted author "{name}"']


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("Geoffrey E. Hinton", "Geoffrey F. Hinton"),
        ("J. Smith", "J. R. Smith"),
        ("Ada Byron", "Ada King Byron"),
        ("G. Hinton", "Geoffrey Hinton"),
        ("Ada", "Ada B. Example"),
        ("Anh Example", "The Anh Example"),
    ],
)
def test_another_name_is_another_author(paper: NewPaper, name: str, author: str) -> None:
    ranking = rank(
        [paper("Speech", authors=(author, ".", "Jr.")), paper("Other")],
        interests="",
        preferences=Preferences(muted_authors=(name,)),
    )

    assert not ranking.dropped


@pytest.mark.parametrize(
    ("phrase", "title"),
    [
        ("Schrodinger bridges", "Schrödinger bridges for all"),
        ("Schrödinger bridges", "Schrodinger Bridges for all"),
        ("Poincare", "Poincaré maps"),
        ("Poincare\u0301", "Poincar\u00e9 maps"),
        ("Poincar\u00e9", "Poincare\u0301 maps"),
        ("self-supervised", "Self supervised cats"),
        ("self supervised", "Self\u2011supervised cats"),
        ("self\u2010supervised", "Self-supervised cats"),
        ("Kullback-Leibler", "Kullback\u2013Leibler bounds"),
        ("multimodal", "Multi-modal cats"),
        ("multi-modal cats", "Multimodal cats"),
        ("k-means", "Kmeans for all"),
        ("kmeans", "Faster $k$-means"),
        ("multi\u2011modal", "Multi-modal cats"),
        ("Parkinson\u2019s disease", "Parkinson's disease"),
        ("Parkinson's disease", "Parkinson\u2019s disease"),
        ("Schrödinger bridges", r"Schr\"odinger bridges for all"),
        ("Schrödinger bridges", r"Schr{\"o}dinger bridges for all"),
        (r"Schr\"odinger bridges", "Schrödinger bridges for all"),
        ("k-means", "Faster $k$-means"),
        ("α-divergence", r"$\alpha$-divergences, and one $\alpha$-divergence"),
        ("Erdős–Rényi", r"Erd\H{o}s--R\'enyi graphs"),
        ("gamma-ray burst", r"A $\gamma$-ray burst"),
        ("gamma ray bursts", "γ-ray bursts"),
        ("γ-ray", "Gamma-ray bursts"),
        ("lambda calculus", r"The $\lambda$-calculus"),
        ("dark matter", "Hints of dark~matter"),
        ("dark~matter", "Hints of dark-matter"),
        ("Łojasiewicz", r"The Kurdyka-\L{}ojasiewicz property"),
    ],
)
def test_phrases_are_found_without_accents_and_hyphens(paper: NewPaper, phrase: str, title: str) -> None:
    week = [paper(title)]

    for muting in (Preferences(muted_topics=(phrase,)), Preferences(muted_words=(phrase,))):
        assert rank(week, interests="", preferences=muting).picks == ()
    following = rank(week, interests="", preferences=Preferences(followed_topics=(phrase,)))
    assert following.picks[0].reason.startswith(f'on "{phrase}", which is followed')


@pytest.mark.parametrize(
    ("topic", "title", "is_named"),
    [
        ("diffusion model", "Faster Diffusion Models", True),
        ("diffusion models", "A diffusion model of cats", True),
        ("LLMs", "One LLM for all", True),
        ("LLM", "LLMs for all", True),
        ("policies", "A policy for cats", True),
        ("policy", "Policies for cats", True),
        ("survey", "Surveys of cats", True),
        ("losses", "A loss for cats", True),
        ("patch", "Patches of cats", True),
        ("caches", "A cache for cats", True),
        ("hypothesis", "Hypotheses on cats", True),
        ("random matrices", "A random matrix of cats", True),
        ("vertex", "Vertices of cats", True),
        ("vertices", "A vertex of cats", True),
        ("gravitational lenses", "A gravitational lens", True),
        ("Fermi gases", "A Fermi gas", True),
        ("inductive biases", "An inductive bias", True),
        ("viruses", "The virus of cats", True),
        ("meta-analyses", "A meta-analysis of cats", True),
        ("movies", "A movie of cats", True),
        ("avalanches", "An avalanche of cats", True),
        ("axis", "Axes of cats", True),
        ("heuristics", "A heuristic for cats", True),
        ("evaluation metrics", "An evaluation metric", True),
        ("LANGUAGE MODELS", "A language model of cats", True),
        ("cortices", "The cortex of cats", True),
        ("random submatrices", "A random submatrix", True),
        ("RNAs", "RNases of cats", False),
        ("cases", "CRISPR Cas systems of cats", False),
        ("bases", "Sea bass of cats", False),
        ("prices", "A grand prix of cats", False),
        ("logistics", "Logistic regression of cats", False),
        ("poses", "POS tags of cats", False),
        ("theses", "These cats", False),
        ("SARS", "SAR images of cats", False),
        ("k-means", "The top-k mean of cats", False),
        ("dynamics", "Dynamic programming for cats", False),
        ("bias", "The BIA of cats", False),
        ("news", "New cats", False),
        ("models of cats", "A model of cats", False),
    ],
)
def test_a_topic_is_found_in_the_singular_and_in_the_plural_and_a_word_as_it_is_written(
    paper: NewPaper, topic: str, title: str, is_named: bool
) -> None:
    week = [paper(title)]

    def is_muted(**muted: tuple[str, ...]) -> bool:
        return not rank(week, interests="", preferences=Preferences(**muted)).picks

    assert is_muted(muted_topics=(topic,)) is is_named
    assert not is_muted(muted_words=(topic,))
    followed = rank(week, interests="", preferences=Preferences(followed_topics=(topic,))).explanations[
        week[0].id
    ]
    assert (followed.followed is not None) is is_named


def test_a_word_that_is_also_the_name_of_a_greek_letter_is_not_the_letter(paper: NewPaper) -> None:
    week = [paper(r"On $\psi$", r"We measure \psi and ψ.")]

    assert rank(
        week, interests="", preferences=Preferences(muted_topics=("PSI",), muted_words=("psi",))
    ).picks


def test_a_topic_is_found_as_whole_words_in_title_or_abstract(paper: NewPaper) -> None:
    filler = [paper(f"Better cats {number}") for number in range(6)]
    named, other = paper("On a thing", "We use graph\nnetworks."), paper("Graph networking")

    ranking = rank(
        [*filler, other, named],
        interests="cats",
        preferences=Preferences(followed_topics=("Graph networks",)),
        places=3,
    )

    assert named in [pick.paper for pick in ranking.picks[:3]]
    assert other not in [pick.paper for pick in ranking.picks[:3]]
    assert ranking.explanations[named.id].followed == 'on "Graph networks", which is followed'


def test_the_best_paper_of_a_followed_category_is_shown(paper: NewPaper) -> None:
    filler = [paper(f"Better cats {number}") for number in range(6)]
    pictures = [
        paper("Dull pictures", categories=("cs.CV",)),
        paper("Pictures of cats", categories=("cs.CV",)),
    ]

    ranking = rank(
        [*filler, *pictures],
        interests="cats; better",
        preferences=Preferences(followed_categories=("cs.cv",)),
        places=3,
    )

    assert [pick.paper for pick in ranking.picks[:3] if pick.paper in pictures] == [pictures[1]]


@pytest.mark.parametrize(
    "following",
    [
        Preferences(followed_authors=("Ada Lovelace",)),
        Preferences(followed_topics=("robot hands",)),
        Preferences(followed_categories=("cs.RO",)),
    ],
)
def test_a_followed_paper_is_not_dropped_for_its_newer_twin(paper: NewPaper, following: Preferences) -> None:
    newer = paper("The same title", "Of something else.", authors=("Bob",))
    older = paper("The same title", "Of robot hands.", authors=("Ada Lovelace",), categories=("cs.RO",))

    ranking = rank([newer, older], interests="", preferences=following)

    assert [pick.paper for pick in ranking.picks] == [older]


def test_of_twins_the_one_of_a_followed_author_stays_before_one_of_a_followed_category(
    paper: NewPaper,
) -> None:
    in_category = paper("The same title", categories=("cs.RO",))
    by_author = paper("The same title", authors=("Ada Lovelace",))
    following = Preferences(followed_authors=("Ada Lovelace",), followed_categories=("cs.RO",))

    ranking = rank([in_category, by_author], interests="", preferences=following)

    assert [pick.paper for pick in ranking.picks] == [by_author]


@pytest.mark.parametrize("empty", ["", "  "])
def test_empty_preferences_have_no_effect(paper: NewPaper, empty: str) -> None:
    week = [paper("Speech"), paper("Graphs")]
    nothing = Preferences(
        followed_authors=(empty,), muted_authors=(empty,), muted_words=(empty,), muted_categories=(empty,)
    )

    assert rank(week, interests="", preferences=nothing).picks == rank(week, interests="").picks


@pytest.mark.parametrize("word", ["survey\u200b", "sur\u00advey", "attention_mask", "attention_\u2060mask"])
@pytest.mark.parametrize("abstract", ["A survey of attention_mask.", r"A survey of $\alpha$ attention_mask."])
def test_a_muted_word_holds_with_marks_that_nobody_sees_and_beside_tex(word: str, abstract: str) -> None:
    week = [make.paper("2611.00001", abstract=abstract)]

    assert rank(week, interests="", preferences=Preferences(muted_words=(word,)), places=4).picks == ()


def test_a_muted_author_holds_with_marks_that_nobody_sees() -> None:
    week = [make.paper("2611.00001", authors=("Ada Lovelace",))]
    muted = Preferences(muted_authors=("Ada\u200b Lovelace\u200e",))

    assert rank(week, interests="", preferences=muted, places=4).picks == ()
