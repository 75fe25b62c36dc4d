"""Which paper a question names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.subject import Subject, subject
from bot.answers.terms import stems

TITLES = {
    "2611.00001v1": "Sparse attention at length",
    "2611.00002v1": "Attention",
    "2611.00003v2": "Foldcache: evicting keys by their folds",
    "2611.00004v1": "Sparse attention at length for speech",
}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What data do they use?", Subject(question="What data do they use?")),
        (
            "Which baselines does 2404.12345v2 compare with?",
            Subject(question="Which baselines compare with?"),
        ),
        (
            "Which data was used in https://arxiv.org/abs/2404.12345?",
            Subject(question="Which data was used"),
        ),
        (
            "Summarise the method of 2404.12345's authors",
            Subject(question="Summarise the method authors"),
        ),
        (
            "请总结 method: 2404.12345的方法",
            Subject(question="请总结 method: 的方法"),
        ),
        (
            'What is evicted in the paper "Foldcache: evicting keys by their folds"?',
            Subject(question="What is evicted ?", paper_key="2611.00003v2"),
        ),
        (
            "How long are inputs in “evicting keys by their folds”?",
            Subject(question="How long are inputs ?", paper_key="2611.00003v2"),
        ),
        (
            "What does sparse attention at length cost?",
            Subject(question="What cost?", paper_key="2611.00001v1"),
        ),
        (
            "In Sparse attention at length for speech, which corpus is used?",
            Subject(question="which corpus is used?", paper_key="2611.00004v1"),
        ),
    ],
)
def test_a_named_paper_leaves_the_bare_question(question: str, expected: Subject) -> None:
    assert subject(question, TITLES) == expected


@pytest.mark.parametrize("title", ["Don't stop pretraining keys", "Don\u2019t stop pretraining keys"])
@pytest.mark.parametrize("typed", ["don't stop pretraining keys", "Don\u2019t Stop pretraining keys"])
def test_a_title_is_recognised_with_any_apostrophe(title: str, typed: str) -> None:
    found = subject(f"What does {typed} cost?", {"2611.00001v1": title})

    assert found == Subject(question="What cost?", paper_key="2611.00001v1")


@pytest.mark.parametrize("marks", ["{}", "“{}”"])
@pytest.mark.parametrize(
    ("title", "typed"),
    [
        (r"Learning $\alpha$-divergences with $k$-NN graphs", "Learning α-divergences with k-NN graphs"),
        (r"Schr\"odinger bridges for language models", "Schrödinger bridges for language models"),
        ("Money in {LLM} markets: $5 and $10", "Money in LLM markets: $5 and $10"),
    ],
)
def test_a_title_with_tex_is_known_as_it_is_shown_and_as_it_is_stored(
    title: str, typed: str, marks: str
) -> None:
    named = [
        subject(f"What does {marks.format(each)} cost?", {"2611.00001v1": title}) for each in (typed, title)
    ]

    assert [found.paper_key for found in named] == ["2611.00001v1"] * 2


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        (r"Prompting with $k$-NN for low-resource speech", "prompting with kNN for low resource speech"),
        ("Robust CIFAR-10 training, fast and slow", "robust cifar10 training fast and slow"),
        ("Poincaré maps—learned on H$_2$O", "Poincare maps - learned on H2O"),
        ("Sparse attention at length", "Sparse  Attention—at Length"),
    ],
)
def test_a_title_is_known_however_its_words_are_joined(title: str, typed: str) -> None:
    found = subject(f"What does {typed} cost?", {"2611.00001v1": title})

    assert found == Subject(question="What cost?", paper_key="2611.00001v1")


def test_a_title_is_recognised_in_a_script_without_spaces() -> None:
    found = subject("请总结Sparse attention at length的方法", TITLES)

    assert found == Subject(question="请总结 的方法", paper_key="2611.00001v1")


def test_a_title_of_one_word_names_nothing() -> None:
    assert subject("What is attention?", TITLES).paper_key is None


@pytest.mark.parametrize(
    ("quoted", "is_named"),
    [
        ("large language models", False),
        ("language models in clinics", False),
        ("Evaluating large language", False),
        ("evaluating large language models in the clinics", True),
        ("large language models in clinics", True),
        ("a study of forty wards", True),
        ("in clinics: a study of forty wards", False),
    ],
)
def test_a_quotation_names_a_title_by_most_of_it_or_by_a_whole_part(quoted: str, is_named: bool) -> None:
    titles = {
        "2611.00001v1": "Evaluating large language models in clinics",
        "2611.00002v1": "Care at night: a study of forty wards",
    }

    found = subject(f"What do they mean by “{quoted}”?", titles)

    assert (found.paper_key is not None) == is_named


DRAFTS = {
    "2611.00001v1": "Drafts That Know When to Stop: decoding with an abstaining drafter",
    "2611.00002v1": "Stop Early, Ask Late: a survey",
    "2611.00003v1": "Stop Early, Ask Late: a second survey",
    "2611.00004v1": "Large language models: a survey",
    "2611.00005v1": "Judges in Wigs: how form moves grades",
}


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("What about Drafts That Know When to Stop?", "What ?"),
        ("tldr Drafts That Know When to Stop", "tldr"),
        ("What is Drafts That Know When to Stop about?", "What is about?"),
    ],
)
def test_what_stands_before_its_colon_names_a_title_of_which_an_overview_is_asked(
    question: str, rest: str
) -> None:
    assert subject(question, DRAFTS) == Subject(question=rest, paper_key="2611.00001v1")


@pytest.mark.parametrize(
    "question",
    [
        "Does it use Drafts That Know When to Stop?",
        "What about drafts that know when to stop?",
        "What about Stop Early, Ask Late?",
        "Large language models?",
        "What about Judges in Wigs?",
    ],
)
def test_what_stands_before_a_colon_may_also_name_a_method_or_nothing(question: str) -> None:
    assert subject(question, DRAFTS) == Subject(question=question)


def test_a_quotation_that_several_titles_hold_names_none_of_them() -> None:
    titles = {
        "2611.00001v1": "Kernels: deep sparse attention",
        "2611.00002v1": "Speech: deep sparse attention",
    }

    assert subject('What is "deep sparse attention"?', titles).paper_key is None


@pytest.mark.parametrize("question", ["2404.12345", "“Sparse attention at length”", "In 2404.12345?"])
def test_of_a_question_that_is_only_a_name_no_word_is_left(question: str) -> None:
    assert not stems(subject(question, TITLES).question)


def test_a_title_is_read_once_however_many_quotations_are_compared_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    titles = {f"2611.{number:05}v1": f"Remembered kernels: part {number}" for number in range(50)}
    read = list[str]()

    def reading(text: str) -> list[str]:
        read.append(text)
        return stems(text)

    monkeypatch.setattr("bot.answers.subject.stems", reading)

    found = subject(" ".join(f'"quotation {number}"' for number in range(40)), titles)

    assert found.paper_key is None
    assert len([text for text in read if text in titles.values()]) == len(titles)


@given(st.text(max_size=80))
def test_any_text_has_a_subject(text: str) -> None:
    found = subject(text, TITLES)

    assert found.question == text or len(found.question) < len(text)
