"""Answers on Discord and in the terminal."""

from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from bot.rendering import answer_words
from bot.rendering.discord import payload
from bot.rendering.discord_answer import answer_view
from bot.rendering.discord_components import Component
from bot.rendering.terminal_answer import answer_terminal
from storage.model import Answer, AnswerKind, AnswerSentence, NearPaper, Source
from tests.bot.rendering.answers import ANSWERED, EXAMPLES, OFF_TOPIC, PASSAGES, QUESTION, REFUSED, source
from tests.bot.rendering.discord_checks import assert_inert, assert_within_limits, components, texts
from tests.bot.rendering.examples import HOSTILE_TITLE
from tests.bot.rendering.strategies import words

ABS, PDF = "https://arxiv.org/abs/2611.90112v1", "https://arxiv.org/pdf/2611.90112v1"


def discord_text(answer: Answer, question: str | None = None) -> str:
    return "\n".join(texts(payload(answer_view(answer, question=question))))


def terminal_text(answer: Answer) -> str:
    console = Console(width=80, file=StringIO(), color_system=None)
    with console.capture() as capture:
        console.print(answer_terminal(answer))
    return capture.get()


def test_each_sentence_has_its_numbers_and_each_source_its_links_and_quote() -> None:
    text = discord_text(ANSWERED)

    assert f"at an accuracy of 81.2 %.[¹]({PDF}#page=7)" in text
    assert f"at the same size.[¹]({PDF}#page=7)˒[²]({PDF}#page=8)" in text
    assert f"**1** [Foldcache: Folding Key-Value Memory for Long Contexts]({ABS})" in text
    assert f"arXiv:2611.90112v1, [p.\N{NO-BREAK SPACE}7]({PDF}#page=7), §4.2\n> “On LongQuiz" in text
    assert f"[pp.\N{NO-BREAK SPACE}8–9]({PDF}#page=8), Limitations" in text
    assert "Written by: invented-1" in text
    assert "Left out: 1 sentence that the papers don't support" in text


def test_a_label_names_title_id_page_and_section() -> None:
    assert answer_words.label(source(title="Title", paper_key="2404.12345v2", section="§3.2")) == (
        "Title, arXiv:2404.12345v2, p.\N{NO-BREAK SPACE}7, §3.2"
    )


def test_passages_say_that_no_model_wrote_them() -> None:
    text = discord_text(PASSAGES)

    assert "no language model (passages only)" in text
    assert "> “On LongQuiz" in text
    assert "[abstract](https://arxiv.org/abs/2611.90187v3)" in text


def test_a_failed_model_is_told() -> None:
    failed = Answer(
        kind=AnswerKind.PASSAGES, sources=(source(),), model="m", remark="The language model is busy."
    )

    assert "The language model is busy · Written by" in discord_text(failed)
    assert "no language model (passages only)" in discord_text(failed)


def test_a_refusal_names_the_three_nearest_and_no_sources() -> None:
    text = discord_text(REFUSED)

    assert text.startswith("The papers I have don't answer this.")
    assert text.count("https://arxiv.org/abs/") == 3
    assert "#page=" not in text
    assert "](https://evil" not in text


def test_off_topic_is_a_short_friendly_no() -> None:
    assert discord_text(OFF_TOPIC) == answer_words.OFF_TOPIC
    assert len(answer_words.OFF_TOPIC) < 200
    assert "/ask" in answer_words.OFF_TOPIC
    assert "/summarize" in answer_words.OFF_TOPIC
    assert "can't" not in answer_words.OFF_TOPIC, "thanks get it too"


def test_the_question_stands_above_where_it_is_wanted() -> None:
    assert discord_text(ANSWERED, QUESTION).startswith(f"> “{QUESTION}”\nOn LongQuiz")
    assert QUESTION not in discord_text(ANSWERED)


def test_the_button_goes_on_from_the_conversation() -> None:
    (button,) = [each for each in components(payload(answer_view(ANSWERED, more="abc"))) if each["type"] == 2]

    assert button["custom_id"] == Component.MORE.custom_id("abc")
    assert not [each for each in components(payload(answer_view(ANSWERED))) if each["type"] == 2]


@pytest.mark.parametrize("answer", EXAMPLES)
def test_the_terminal_shows_the_same(answer: Answer) -> None:
    shown = " ".join(terminal_text(answer).split())

    for sentence in answer.sentences:
        assert sentence.text in shown
    for each in answer.sources:
        assert each.page_url in shown
    for paper in answer.nearest:
        assert paper.paper_key in shown


_sources = st.builds(
    lambda number, title, quote, section: source(number, title=title, quote=quote, section=section),
    st.just(1),
    words,
    words,
    words,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    sentences=st.lists(words, max_size=6),
    sources=st.lists(_sources, min_size=1, max_size=12),
    question=words,
    near=st.lists(words, max_size=3),
    remark=words,
)
def test_whatever_stands_in_it_the_message_is_within_limits_and_does_nothing(
    sentences: list[str], sources: list[Source], question: str, near: list[str], remark: str
) -> None:
    numbers = tuple(range(1, len(sources) + 1))
    answer = Answer(
        kind=AnswerKind.ANSWER,
        sentences=tuple(AnswerSentence(text=text, sources=numbers[:2]) for text in sentences),
        sources=tuple(source(n, title=s.title, quote=s.quote) for n, s in zip(numbers, sources, strict=True)),
        nearest=tuple(NearPaper(paper_key="2611.90112v1", title=title) for title in near),
        remark=remark,
        model="m",
        searched=question,
    )

    message = payload(answer_view(answer, question=question, more="a" * 12))

    assert_within_limits(message)
    assert_inert(message)


def test_the_longest_answer_in_the_worst_text_fits() -> None:
    worst = "*" * 5_000
    answer = Answer(
        kind=AnswerKind.ANSWER,
        sentences=tuple(AnswerSentence(text=worst, sources=(2 * n + 1, 2 * n + 2)) for n in range(6)),
        sources=tuple(
            source(n, title=HOSTILE_TITLE * 9, quote=worst, section=worst, paper_key="cond-mat/9901001v12")
            for n in range(1, 13)
        ),
        model=worst,
        remark=worst,
        searched=worst,
    )

    message = payload(answer_view(answer, question=worst, more="a" * 12))

    assert_within_limits(message)
    assert_inert(message)
