import time

import pytest

from bot.checks.named import Names
from bot.checks.numbers import Role, numbers
from bot.checks.proper_names import own_names


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The judge is GPT-3.5 here.", "We ask GPT 3.5 as a judge."),
        ("It needs 40GB here.", "It needs 40 GB."),
        ("It has 7B weights here.", "It has 7 billion weights."),
        ("It uses LLMs here.", "One LLM is used."),
        ("It needs 40 GB here.", "It needs 40GB."),
        ("It runs on 32 GPUs here.", "One GPU is enough."),
    ],
)
def test_a_name_written_in_another_way_is_known(claim: str, text: str) -> None:
    assert Names().unknown(claim, text) == []


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("It uses RAG here.", "The average memory is low."),
        ("It uses LoRA here.", "The exploration phase is long."),
        ("It runs on H100 here.", "It runs with 100 prompts."),
        ("The judge is GPT-3.5 here.", "We ask GPT-3 as a judge."),
        ("The judge is GPT-3 here.", "We ask GPT-3.5 as a judge."),
        ("It uses 5 BERT models here.", "It uses 5 models."),
    ],
)
def test_a_name_that_is_only_part_of_other_words_is_strange(claim: str, text: str) -> None:
    assert len(Names().unknown(claim, text)) == 1


def admits(statement: str, claim: str) -> bool:
    """Whether the paper's sentence gives the claim's only value to what the claim gives it to."""
    names = Names.of_paper("Foldcache: folding memory", [statement])
    [claimed] = (number for number in numbers(claim) if number.role is Role.MEASURE)
    stated = next(number for number in numbers(statement) if number.value == claimed.value)
    return not names.belongs_elsewhere(claim, claimed, statement, stated)


@pytest.mark.parametrize("verb", ["reach", "obtain an accuracy of"])
@pytest.mark.parametrize(
    "statement",
    [
        "Foldcache and StreamLM {} 81.2 % and 76.9 %, respectively.",
        "On CoQA, Foldcache and StreamLM {} 81.2 % and 76.9 %, respectively.",
        "Foldcache and StreamLM {} 81.2 % and 76.9 % on CoQA, respectively.",
        "On CoQA we {} 81.2 % and 76.9 % with Foldcache and StreamLM, respectively.",
    ],
)
def test_two_methods_listed_in_turn_keep_their_own_numbers(statement: str, verb: str) -> None:
    told = statement.format(verb)

    assert admits(told, "Foldcache reaches 81.2 %.")
    assert admits(told, "StreamLM reaches 76.9 %.")
    assert not admits(told, "StreamLM reaches 81.2 %.")
    assert not admits(told, "Foldcache reaches 76.9 %.")


@pytest.mark.parametrize("who", ["Foldcache", "We", "Unlike H2O, Foldcache"])
def test_two_data_sets_listed_in_turn_keep_their_own_numbers(who: str) -> None:
    told = f"{who} reach 81.2 % and 76.9 % on CoQA and SQuAD, respectively."

    assert admits(told, "Foldcache reaches 81.2 % on CoQA.")
    assert admits(told, "Foldcache reaches 76.9 % on SQuAD.")
    assert not admits(told, "Foldcache reaches 76.9 % on CoQA.")
    assert not admits(told, "Foldcache reaches 81.2 % on SQuAD.")


@pytest.mark.parametrize(
    ("statement", "claim"),
    [
        ("StreamLM reaches 76.9 % on CoQA.", "SnapKV reaches 76.9 % on CoQA."),
        ("StreamLM reaches 76.9 % on CoQA.", "We reach 76.9 % on CoQA."),
        ("Foldcache reaches 76.9 % on CoQA.", "SnapKV reaches 76.9 % on CoQA."),
        ("With long inputs, Foldcache reaches 76.9 %.", "SnapKV reaches 76.9 %."),
        ("On CoQA we win, while the StreamLM reaches 76.9 %.", "SnapKV reaches 76.9 %."),
        ("It reaches 81.2 % (with StreamLM), and 76.9 % (H2O).", "H2O reaches 81.2 %."),
        ("It reaches 81.2 % (StreamLM) and 76.9 % (with H2O).", "StreamLM reaches 76.9 %."),
        ("StreamLM needs 3 hours; we need 76.9 ms.", "StreamLM needs 76.9 ms."),
        ("StreamLM has an accuracy on the hard part of 76.9 %.", "SnapKV reaches 76.9 %."),
        ("StreamLM raises the accuracy on CoQA without retraining by 5.2 %.", "SnapKV raises it by 5.2 %."),
        ("Foldcache reaches 81.2 % on CoQA, whereas H2O has 76.9 %.", "H2O reaches 81.2 % on CoQA."),
        ("Foldcache reaches 81.2 % on CoQA, whereas H2O has 76.9 %.", "Foldcache reaches 76.9 % on CoQA."),
        ("Foldcache reaches 81.2 % on CoQA and 70.1 % on SQuAD; H2O has 76.9 %.", "H2O has 76.9 % on CoQA."),
        ("Foldcache reaches 81.2 % on CoQA.", "Foldcache reaches 81.2 % on SQuAD."),
        ("StreamLM outperforms SnapKV by 4.3 % and H2O by 2.1 %.", "StreamLM outperforms SnapKV by 2.1 %."),
        (
            "StreamLM outperforms SnapKV and reaches 81.2 %, and SnapKV reaches 76.9 %.",
            "SnapKV is outperformed by StreamLM and reaches 81.2 %.",
        ),
        ("On CoQA Foldcache reaches 81.2 % and on SQuAD 76.9 %.", "Foldcache reaches 81.2 % on SQuAD."),
        (
            "An accuracy of 81.2 % and an F1 of 76.9 % on CoQA, and 70.1 % on SQuAD.",
            "It has 81.2 % on SQuAD.",
        ),
    ],
)
def test_a_number_of_another_name_is_not_taken(statement: str, claim: str) -> None:
    assert not admits(statement, claim)


@pytest.mark.parametrize(
    ("statement", "claim"),
    [
        ("It reaches 81.2 % (with StreamLM), and 76.9 % (H2O).", "StreamLM reaches 81.2 %."),
        ("StreamLM needs 3 hours; the latency is 76.9 ms.", "Foldcache needs 76.9 ms."),
        ("Foldcache needs 3 hours, StreamLM 5 hours; the latency is 76.9 ms.", "Foldcache needs 76.9 ms."),
        ("StreamLM is slow to train on one node, with 76.9 %.", "SnapKV reaches 76.9 %."),
        ("StreamLM is tuned with a rate of as much as 76.9 %.", "Foldcache is tuned with 76.9 %."),
        ("StreamLM needs a long time to reach as much as 76.9 %.", "It reaches 76.9 % on CoQA."),
        ("StreamLM is the model that reads all of the books in 81.2 ms.", "SnapKV reads books in 81.2 ms."),
        ("Foldcache reaches 81.2 % (CoQA results, five runs) and 76.9 %.", "It reaches 81.2 %."),
        ("An accuracy of 81.2 % and an F1 of 76.9 % on CoQA, 70.1 % on SQuAD.", "It has 81.2 % on CoQA."),
        ("H2O and StreamLM trail by 3.2 % on CoQA and 1.2 % on SQuAD.", "StreamLM trails by 3.2 % on CoQA."),
        ("The caches of Foldcache and StreamLM, respectively, take 81.2 %.", "Foldcache takes 81.2 %."),
        ("Foldcache is tuned on SQuAD and reaches 81.2 % on CoQA.", "Foldcache reaches 81.2 % on CoQA."),
        ("Our method, Foldcache, reaches 81.2 %.", "Foldcache reaches 81.2 %."),
        ("Foldcache reaches 81.2 % on CoQA, whereas H2O has 76.9 %.", "H2O reaches 76.9 % on CoQA."),
        (
            "Foldcache has an F1 of 81.2 on CoQA, and 76.9 is that of H2O.",
            "Foldcache has an F1 of 81.2 on CoQA.",
        ),
        ("Foldcache obtains 81.2 % on CoQA (H2O: 76.9 %).", "H2O obtains 76.9 % on CoQA."),
        ("StreamLM beats SnapKV by 3.2 %.", "SnapKV is beaten by StreamLM by 3.2 %."),
        (
            "StreamLM raises the accuracy on CoQA from 71.2 % to 76.9 %.",
            "With StreamLM, SnapKV reaches 76.9 %.",
        ),
        ("StreamLM reaches 76.9 %. " * 80, "SnapKV reaches 76.9 %."),  # a table's rows are nobody's
    ],
)
def test_a_number_that_may_be_of_the_claims_name_is_taken(statement: str, claim: str) -> None:
    assert admits(statement, claim)


@pytest.mark.parametrize(
    "who", ["We", "Ours", "Our model", "This approach", "The proposed cache", "Foldcache"]
)
def test_what_a_paper_calls_its_own_method_is_the_method(who: str) -> None:
    assert not admits("StreamLM reaches 76.9 %.", f"{who} reaches 76.9 %.")
    assert not admits("StreamLM reaches 76.9 % and Foldcache 81.2 %.", f"{who} reaches 76.9 %.")
    assert admits("StreamLM reaches 76.9 % and Foldcache 81.2 %.", f"{who} reaches 81.2 %.")


@pytest.mark.parametrize(
    ("sentence", "own"),
    [
        ("We propose Foldcache for long contexts.", {"Foldcache"}),
        ("We introduce the Foldcache, which is small.", {"Foldcache"}),
        ("This paper presents a new cache called Foldcache.", {"Foldcache"}),
        ('We developed a cache, termed "Foldcache".', {"Foldcache"}),
        ("The cache, dubbed Foldcache, is small.", {"Foldcache"}),
        ("The cache is named (Foldcache).", {"Foldcache"}),
        ("In our Foldcache keys are folded.", {"Foldcache"}),
        ("We present Figure 2 and compare with StreamLM.", set()),
        ("We evaluate StreamLM and H2O.", set()),
    ],
)
def test_a_papers_own_names_are_those_it_gives(sentence: str, own: set[str]) -> None:
    assert own_names("A study of caches: what they cost", [sentence]) == own


@pytest.mark.parametrize(
    "statement",
    [
        "Foldcache outperforms StreamLM.",
        "StreamLM is outperformed by Foldcache.",
        "We outperform StreamLM.",
        "StreamLM is fast, but Foldcache outperforms StreamLM.",
        "Foldcache outperforms StreamLM, and Foldcache is small.",
    ],
)
@pytest.mark.parametrize(
    ("claim", "is_turned"),
    [
        ("StreamLM outperforms Foldcache.", True),
        ("StreamLM outperforms our method.", True),
        ("Foldcache is outperformed by StreamLM.", True),
        ("Foldcache was slightly improved on by StreamLM.", True),
        ("Foldcache trails StreamLM.", True),
        ("StreamLM performs better than Foldcache.", True),
        ("Foldcache outperforms StreamLM.", False),
        ("Foldcache outperformed StreamLM.", False),
        ("Foldcache is outperforming StreamLM.", False),
        ("We outperform StreamLM.", False),
        ("StreamLM is outperformed by Foldcache.", False),
        ("StreamLM lags behind Foldcache.", False),
        ("StreamLM outperforms H2O.", False),
        ("H2O outperforms Foldcache.", False),
        ("StreamLM and Foldcache differ.", False),
    ],
)
def test_a_comparison_turned_round_is_seen(statement: str, claim: str, is_turned: bool) -> None:
    names = Names.of_paper("Foldcache: folding memory", [statement])

    assert names.compares_otherwise(claim, statement) == is_turned


MEMORY = "Foldcache needs 40 % less memory than H2O."
SPEED = "Foldcache is 2.3 times faster than H2O."
POINTS = "Foldcache improves over H2O by 4.3 points on CoQA."
NOISE = "Foldcache is more robust to noise than H2O."
LENGTHS = "Foldcache outperforms H2O by 4.2 points on long texts but trails it by 0.8 points on short ones."
BOTH = "Foldcache is faster than H2O on CoQA, but H2O is faster than Foldcache on SQuAD."


@pytest.mark.parametrize(
    ("statement", "claim", "is_turned"),
    [
        (MEMORY, "H2O requires 40 % less memory than Foldcache.", True),
        (MEMORY, "Foldcache uses 40 % more memory than H2O.", True),
        (MEMORY, "H2O requires 40 % more memory than Foldcache.", False),
        (MEMORY, "H2O has a higher accuracy than Foldcache.", False),
        (MEMORY, "H2O outperforms Foldcache.", False),
        (MEMORY, "H2O is faster than Foldcache.", False),
        (SPEED, "H2O is more than 2.3 times faster than Foldcache.", True),
        (SPEED, "Foldcache is on average 2.3 times slower than H2O.", True),
        (SPEED, "H2O is 2.3 times slower than Foldcache.", False),
        (SPEED, "H2O is more accurate than Foldcache.", False),
        (POINTS, "H2O improves over Foldcache by 4.3 points.", True),
        (POINTS, "H2O is 4.3 points better than Foldcache.", True),
        (POINTS, "H2O is 4.3 points better on CoQA than Foldcache.", True),
        (POINTS, "Foldcache is 4.3 points worse than H2O.", True),
        (POINTS, "Foldcache is 4.3 points better on CoQA than H2O.", False),
        (POINTS, "H2O is 4.3 points worse than Foldcache.", False),
        (NOISE, "H2O is more robust to noise than Foldcache.", True),
        (NOISE, "Foldcache is more robust to noise than H2O.", False),
        (NOISE, "H2O is more exposed to noise than Foldcache.", False),
        (BOTH, "H2O is faster than Foldcache.", False),
        (LENGTHS, "On short texts Foldcache trails H2O by 0.8 points.", False),
        (BOTH, "Foldcache is faster than H2O.", False),
    ],
)
def test_a_comparison_is_turned_only_in_its_own_respect(statement: str, claim: str, is_turned: bool) -> None:
    names = Names.of_paper("Foldcache: folding memory", [statement])

    assert names.compares_otherwise(claim, statement) == is_turned


@pytest.mark.parametrize(
    "pad", ["is 1 ", "is more ", "is better than ", "has 1.2 more a ", "b" * 40 + " is "]
)
def test_comparisons_of_a_hostile_sentence_are_found_in_bounded_time(pad: str) -> None:
    text = (pad * 2000)[:2000]

    started = time.process_time()
    Names().compares_otherwise(text, text)

    assert time.process_time() - started < 1


def test_the_papers_own_name_is_never_strange() -> None:
    names = Names.of_paper("Foldcache: folding memory", [])

    assert names.unknown("It is called Foldcache, not H2O.", "Our method folds memory.") == ["H2O"]


@pytest.mark.parametrize(
    ("statement", "other"),
    [
        ("Gull-9o reaches 71.2 % and is better than {}, which is fast.", "Gull-3.5"),
        ("Gull-9o reaches 71.2 %, and it outperforms {} by far.", "Heron"),
        ("Gull-9o reaches 71.2 % against {}.", "Heron"),
    ],
)
def test_a_number_does_not_belong_to_what_its_owner_is_compared_with(statement: str, other: str) -> None:
    said = statement.format(other)
    (stated,) = numbers(said)
    names = Names(known=["Gull-9o", other])

    for owner in ("Gull-9o", other):
        claim = f"{owner} reaches 71.2 %."
        (claimed,) = numbers(claim)
        assert names.belongs_elsewhere(claim, claimed, said, stated) == (owner == other)
