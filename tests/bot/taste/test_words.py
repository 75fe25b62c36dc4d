"""How much a paper is about a topic."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.taste import words as words_of_papers
from bot.taste.words import Matrix, PaperWords, matches, phrase_finder, words
from bot.texts.folding import folded_but_hyphens
from storage.model import Paper
from tests.bot.examples import paper as example

NewPaper = Callable[..., Paper]


def matched(papers: list[Paper], topics: list[str]) -> Matrix:
    return matches([PaperWords.of(paper) for paper in papers], topics)


def test_words_lose_case_plural_and_filling() -> None:
    assert words("The LLMs of Self-Attention: a loss") == ["llm", "self", "attention", "loss"]


def test_a_paper_is_read_as_its_tex_is_meant(paper: NewPaper) -> None:
    read = PaperWords.of(paper(r"$\mathcal{N}=4$ on K\"ahler cones", r"Costs \$5, \emph{not} $\lambda^2$."))

    assert read.title == ["n", "4", "kähler", "cone"]
    assert read.abstract == ["cost", "5", "λ2"]


def test_a_title_counts_more_than_an_abstract(paper: NewPaper) -> None:
    others = [paper(f"Something else {number}", "Of no concern here at all.") for number in range(8)]
    titled = paper("Speech recognition", "We improve it.")
    mentioned = paper("We improve it", "Speech recognition.")

    shares = matched([titled, mentioned, *others], ["speech recognition"])[:, 0]

    assert shares[0] > shares[1] > shares[2] == 0


def test_words_that_follow_each_other_count_more_than_scattered_ones(paper: NewPaper) -> None:
    together = paper("On graph networks for all", "")
    scattered = paper("On networks for a graph", "")

    shares = matched([together, scattered, paper("Cats"), paper("Dogs")], ["graph networks"])[:, 0]

    assert shares[0] > shares[1] > 0


def test_a_rare_word_counts_more_than_a_common_one(paper: NewPaper) -> None:
    common = [paper("A model", "") for _ in range(20)]
    rare = paper("A tokenizer", "")

    shares = matched([rare, *common], ["tokenizer model"])[:, 0]

    assert shares[0] > shares[1] > 0


def test_shares_stay_between_nothing_and_all(paper: NewPaper) -> None:
    shares = matched([paper("agents " * 50, "agents " * 500), paper("Cats")], ["agents", "the of and"])

    assert 0.9 < shares[0, 0] < 1
    assert shares[:, 1].tolist() == [0, 0]


def test_no_papers_and_no_topics_are_empty_matrices(paper: NewPaper) -> None:
    assert matched([], ["agents"]).shape == (0, 1)
    assert matched([paper("Cats")], []).shape == (1, 0)


COMPOUND = re.compile(r"(?<=\w)-+(?=\w)")


@given(
    st.lists(st.text("ab_é2深+- $", max_size=4), max_size=4),
    st.text("ab_é2深+- $", max_size=12),
    st.text("ab_é2深+- $", max_size=12),
)
def test_the_first_phrase_is_named_that_stands_there_as_whole_words(
    phrases: list[str], title: str, abstract: str
) -> None:
    def ways(text: str) -> list[str]:
        plain = folded_but_hyphens(text).replace("深", " 深 ")
        return [" ".join(re.sub("-+", " ", way).split()) for way in (plain, COMPOUND.sub("", plain))]

    text = "\n\n".join([*ways(title), *ways(abstract)])
    standing = [
        phrase
        for phrase in phrases
        if any(
            plain and re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", text)
            for plain in (ways(phrase)[0], ways(COMPOUND.sub("", phrase))[0])
        )
    ]

    assert phrase_finder(phrases)(example(title=title, abstract=abstract)) == next(iter(standing), None)


@pytest.mark.parametrize(
    ("phrase", "title"),
    [
        ("强化学习", "基于强化学习的机器人控制"),
        ("強化学習", "深層強化学習を用いた制御"),
        ("ガウス過程", "疎なガウス過程による回帰"),
        ("강화학습", "심층 강화학습을 이용한 제어"),
        ("การเรียนรู้", "พื้นฐานการเรียนรู้เชิงลึก"),
        ("LLM", "大規模LLMの評価"),
        ("LLM 评测", "面向LLM评测的数据集"),
    ],
)
def test_a_phrase_is_named_in_scripts_without_spaces_between_words(phrase: str, title: str) -> None:
    for text in (example(title=title), example(abstract=f"{title}。")):
        assert phrase_finder([phrase])(text) == phrase
        assert phrase_finder([phrase], in_any_number=True)(text) == phrase


@pytest.mark.parametrize(
    ("phrase", "title"), [("가", "각도 추정"), ("强学", "强化学习"), ("LLM", "大規模LLMsの評価")]
)
def test_letters_that_do_not_stand_there_name_nothing(phrase: str, title: str) -> None:
    assert phrase_finder([phrase])(example(title=title)) is None


def test_of_a_thousand_phrases_only_those_with_a_word_of_the_paper_are_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_for: list[object] = []

    def holds(_: str, form: object) -> bool:
        looked_for.append(form)
        return False

    monkeypatch.setattr(words_of_papers, "_holds", holds)
    named = phrase_finder([f"on subject{number}" for number in range(1_000)])

    named(example(title="Subject12 and others", abstract=""))

    assert looked_for == ["on subject12"]
