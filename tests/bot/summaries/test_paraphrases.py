"""What a careful reader says of a paper in other words, and the same turned false."""

import pytest

from bot.summaries.draft import Draft, DraftResult
from bot.summaries.grounding import ground
from storage.model import PaperText
from tests.bot.summaries.papers import text_of

TITLE = "Driftwood: pruning while training"
PAPER = text_of(
    """We propose Driftwood, which prunes while training. Chain pruning helps Gull-9o by 4.1 points but
    hurts Heron-7B by 1.8 points. On Natural Questions Driftwood reaches 48.3, and on TriviaQA 68.9.
    Driftwood needs 18k steps to recover; Dreamer needs 65k. Zero-shot accuracy drops from 64.8 % to
    62.9 %, and with GRAPTQ to 60.1 %. Doubling the width raises the labels needed by only 7 %. Control
    was reached by 61.3 % of participants with Driftwood and by 42.0 % with the leaflet.

    A repair costs $0.41 on average, compared with $2.53 for SWE-otter and $0.70 for Agentfree.
    Perplexity on PG-19 is 5.28 for Driftwood, 5.43 for GRAPTQ and 5.32 for AWCQ. The price falls from
    $0.92 to $0.57 per task. Removing the distillation costs exact match 2.1 points, so that it is lower
    by 2.1 points. The planet has a mass of 14.8 M⊕ and a metric of 92, lower than the 158 of GJ-3470.
    Latency improves from 1.9 s to 0.7 s. The return is 812 ± 35, while Dreamer has 694 ± 41 and Mapper
    735 ± 30."""
)


@pytest.mark.parametrize(
    "statement",
    [
        "Chain pruning improves Gull-9o by 4.1 points, while Heron-7B loses 1.8 points.",
        "Dreamer needs 65k steps to recover, Driftwood only 18k.",
        "Zero-shot accuracy drops from 64.8 % to 62.9 %, less than with GRAPTQ.",
        "When the width doubles, only 7 % more labels are needed.",
        "With Driftwood 61.3 % of participants reached control.",
        "One repair costs $0.41, whereas SWE-otter costs $2.53 and Agentfree $0.70.",
        "On PG-19 perplexity is 5.28 with Driftwood (5.43 with GRAPTQ, 5.32 with AWCQ).",
        "AWCQ has a perplexity of 5.32 on PG-19.",
        "The price of a task drops to $0.57, down from $0.92.",
        "Without the distillation, exact match is 2.1 points lower.",
        "The planet has a mass of 14.8 M⊕.",
        "Driftwood has a return of 812, compared to 735 for Mapper and 694 for Dreamer.",
        "Driftwood is the best with a return of 812, followed by Mapper with 735.",
        "Driftwood reaches 68.9 on TriviaQA.",
    ],
)
def test_a_true_paraphrase_is_kept(statement: str) -> None:
    assert _is_kept(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "Chain pruning hurts Gull-9o by 4.1 points.",
        "Dreamer needs 18k steps to recover, Driftwood 65k.",
        "Zero-shot accuracy drops from 62.9 % to 64.8 %.",
        "One repair costs $2.53, whereas SWE-otter costs $0.41 and Agentfree $0.70.",
        "AWCQ has a perplexity of 5.43 on PG-19.",
        "The price of a task falls from $0.57 to $0.92.",
        "The planet has a mass of 14.8 million.",
        "Driftwood has a return of 694, compared to 735 for Mapper and 812 for Dreamer.",
        "On TriviaQA, Driftwood reaches 48.3.",
    ],
)
def test_a_paraphrase_turned_false_is_dropped(statement: str) -> None:
    assert not _is_kept(statement)


@pytest.mark.parametrize(
    ("paper", "true", "false"),
    [
        (
            "Answers were improved by 12.4 % on average.",
            "Answers improve by 12.4 % on average.",
            "Answers degrade by 12.4 % on average.",
        ),
        (
            "Driftwood improves CRPS by 12.5 % over climatology.",
            "Driftwood lowers the CRPS by 12.5 % compared to climatology.",
            "Driftwood raises the CRPS by 12.5 % compared to climatology.",
        ),
        (
            "Our maps improve navigation by 8.2 %.",
            "With our maps, navigation is 8.2 % better.",
            "With our maps, navigation is 8.2 % worse.",
        ),
        (
            "Driftwood succeeds in 17/20 trials.",
            "Driftwood succeeds in 17 of 20 trials.",
            "Driftwood succeeds in 17 % of the trials.",
        ),
        (
            "Driftwood needs 18k steps to recover.",
            "Driftwood recovers within 18,000 steps.",
            "Driftwood recovers in fewer than 18,000 steps.",
        ),
        (
            "Removing the memory costs 2.1 points of accuracy.",
            "Without the memory, accuracy drops by 2.1 points.",
            "Removing the memory improves accuracy by 2.1 points.",
        ),
        (
            "Without localisation 29.6% of the issues are fixed.",
            "Without localisation, 29.6 % of the issues are fixed.",
            "With localisation, 29.6 % of the issues are fixed.",
        ),
        (
            "The rate without the cache: 29.6%.",
            "The rate is 29.6 % without the cache.",
            "With the cache, the rate is 29.6 %.",
        ),
        (
            "With the cache the rate is 51.2%; without the cache 29.6%.",
            "The rate is 29.6 % without the cache.",
            "The rate is 29.6 % with the cache.",
        ),
        (
            "AP rises to 54.1 for Driftwood and is 53.0 for Gull.",
            "Driftwood reaches an AP of 54.1.",
            "Gull reaches an AP of 54.1.",
        ),
    ],
)
def test_only_one_of_a_sentence_and_its_opposite_is_kept(paper: str, true: str, false: str) -> None:
    assert _is_kept(true, text_of(paper))
    assert not _is_kept(false, text_of(paper))


WMT = "On {} English-German it reaches a BLEU of 28.4."
SQUAD = "It reaches an F1 of 84.1 on {}."


@pytest.mark.parametrize(
    ("paper", "true", "false"),
    [
        (WMT.format("WMT14"), WMT.format("WMT 14"), WMT.format("WMT 16")),
        (WMT.format("WMT14"), WMT.format("WMT'14"), WMT.format("WMT'16")),
        (WMT.format("WMT14"), WMT.format("WMT 2014"), WMT.format("WMT 2016")),
        (WMT.format("WMT14"), WMT.format("WMT-14"), WMT.format("WMT-16")),
        (WMT.format("WMT'14"), WMT.format("WMT14"), WMT.format("WMT16")),
        (WMT.format("WMT 2014"), WMT.format("WMT14"), WMT.format("WMT16")),
        (SQUAD.format("SQuAD 2.0"), SQUAD.format("SQuAD2.0"), SQUAD.format("SQuAD1.1")),
        (SQUAD.format("SQuAD 2.0"), SQUAD.format("SQuAD v2.0"), SQUAD.format("SQuAD v1.1")),
        (SQUAD.format("SQuAD2.0"), SQUAD.format("SQuAD 2.0"), SQUAD.format("SQuAD 1.1")),
        (SQUAD.format("SQuAD v2.0"), SQUAD.format("SQuAD2.0"), SQUAD.format("SQuAD1.1")),
        (
            "On WMT14 it reaches a BLEU of 28.4, and on WMT16 one of 34.9.",
            "On WMT 16 it reaches a BLEU of 34.9.",
            "On WMT 16 it reaches a BLEU of 28.4.",
        ),
        (
            "Top-1 accuracy on ImageNet is 76.5 %, and top-5 accuracy 93.1 %.",
            "The top 1 accuracy on ImageNet is 76.5 %.",
            "The top 5 accuracy on ImageNet is 76.5 %.",
        ),
        (
            "We keep the top 10 tokens of each step.",
            "It keeps the top 10 tokens of each step.",
            "It keeps the top 10 % of the tokens of each step.",
        ),
        (
            "We select the top 100 000 tags.",
            "It selects the top 100 000 tags.",
            "It selects the top 100 tags.",
        ),
        (
            "We train with a learning rate of 10-4.",
            "Training uses a learning rate of 1e-4.",
            "Training uses a learning rate of 1e-3.",
        ),
        (
            "Driftwood reduces the training time tenfold.",
            "Driftwood reduces the training time by a factor of 10.",
            "Driftwood reduces the training time to 10 hours.",
        ),
    ],
)
def test_a_name_or_number_may_be_written_in_another_way(paper: str, true: str, false: str) -> None:
    assert _is_kept(true, text_of(paper))
    assert not _is_kept(false, text_of(paper))


@pytest.mark.parametrize(("value", "is_kept"), [("0.7 s", True), ("1.9 s", False)])
def test_a_result_is_not_what_a_change_began_with(value: str, is_kept: bool) -> None:
    quote = "Latency improves from 1.9 s to 0.7 s."
    item = DraftResult(metric="latency", value=value, baseline=None, dataset=None, page=1, quote=quote)

    found = ground(Draft(gist="It prunes.", claim="It prunes.", results=(item,)), PAPER, TITLE)

    assert len(found.results) == is_kept


def _is_kept(statement: str, paper: PaperText = PAPER) -> bool:
    draft = Draft(gist="It prunes.", claim="It prunes.", method=(statement,))
    return ground(draft, paper, TITLE).method[0].checked
