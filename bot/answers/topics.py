"""What questions about papers ask for, and where papers say it (pure).

A question about data is answered in the section on data, and by a passage that speaks of corpora, whatever
other words they share.
"""

import re
from functools import lru_cache

from bot.answers.terms import stems

_SECTIONS = {
    "abstract": r"abstract",
    "introduction": r"introduc",
    "related": r"related|background|previous|prior|literature",
    "conclusion": r"conclu|future|discussion|summary|acknowl",
    "data": r"data|corpus|corpora|annotat|collect|treebank|material|resource",
    "experiment": r"experiment|setup|setting|implement|training|hyper|detail|evaluat|metric|baseline|task",
    "result": r"result|analys|perform|ablation|comparison|finding|error",
    "method": r"model|method|approach|architect|network|algorithm|framework|propos|system|learn|encod|decod"
    r"|attention|embedd|feature|represent",
}
_TOPICS = {
    "data": "dataset datasets corpus corpora data collected annotated annotation annotators treebank tweets "
    "documents samples examples instances",
    "baseline": "baseline baselines compare compared comparison comparing outperform outperforms previous "
    "competing against",
    "metric": "metric metrics measure measured evaluate evaluated evaluation accuracy f1 score scores bleu "
    "rouge precision recall perplexity human judges",
    "result": "result results performance improve improved improvement achieve achieved better best higher "
    "gain gains increase outperform outperforms",
    "model": "model models architecture network networks lstm cnn rnn bert transformer encoder decoder layer "
    "layers classifier svm embedding embeddings attention method algorithm approach",
    "language": "language languages english german french chinese spanish arabic multilingual monolingual "
    "translation",
    "size": "number size amount total contains consists hours average many much large",
    "feature": "feature features linguistic type types kind kinds category categories class classes label "
    "labels tag tags relation relations",
    "why": "why because due reason since limitation limitations challenge challenging problem difficult "
    "motivation error errors",
    "how": "first then procedure step steps obtain obtained compute computed generate generated",
    "people": "annotator annotators crowd crowdsourced turkers mturk workers expert experts human humans "
    "participants agreement kappa speakers users",
}
_HOW_MANY = re.compile(r"\bhow (?:many|much|large|big|long)\b", re.IGNORECASE)
_HOW = re.compile(r"\bhow\b(?! (?:many|much|large|big|long))", re.IGNORECASE)

SECTIONS = tuple(_SECTIONS)
TOPICS = tuple(_TOPICS)
TOPIC_STEMS = {topic: tuple(dict.fromkeys(stems(text))) for topic, text in _TOPICS.items()}
_SECTION_PATTERNS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _SECTIONS.values())


@lru_cache(maxsize=4096)
def sections_of(heading: str) -> tuple[bool, ...]:
    """Which of `SECTIONS` a heading speaks of: several, one, or none."""
    return tuple(pattern.search(heading) is not None for pattern in _SECTION_PATTERNS)


def topics_of(question: str) -> tuple[str, ...]:
    """Which of `TOPICS` a question asks for."""
    asked = frozenset(stems(question))
    found = {topic for topic, words in TOPIC_STEMS.items() if not asked.isdisjoint(words)}
    if _HOW_MANY.search(question):
        found.add("size")
    if _HOW.search(question):
        found.add("how")
    return tuple(topic for topic in TOPICS if topic in found)
