"""A checked summary in another language: the model translates, and code compares the numbers.

A German statement could not be checked against an English paper by the words around a number. So summaries
are written and checked in English first, and a translated statement is accepted only if it has exactly the
same numbers; otherwise it stays in English and is counted. Results keep values, baselines and quotes as the
paper has them.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.checks.cleaning import cleaned
from bot.errors import ModelError
from bot.languages import Language
from bot.llm.bill import Bill, complete_on
from bot.llm.context import reply_limit
from bot.llm.port import LanguageModel, Prompt
from bot.llm.schemas import Schema, list_of, object_of, text_of
from bot.llm.untrusted import RULE, wrap
from bot.llm.usage import Prices, UsageTally
from bot.summaries.draft import PARAGRAPH_CHARACTERS
from bot.summaries.localized import says_the_same
from storage.model import Result, Statement, Summary

TRANSLATION_VERSION = 4
"""Raise it with any change here that may change translations: stored ones are then made again."""

_REPLY_TOKENS = 4_000
_REPLY_SHARE = 3
"""A reply may take up at most this fraction of a small context."""
_LONGER = 2
"""A translation may have this many times the characters of a paragraph."""
_SYSTEM = f"""\
You translate statements about a research paper into {{language}}.

{RULE}

How to translate:
- One translation for each numbered statement, under its number; add nothing and leave nothing out.
- Write every number in digits, in the notation of the language, with the same value and unit: never spell it
  out, round or convert it. Keep %, and keep suffixes such as 7B.
- Keep names of models, data sets and metrics, and whatever stands in quotation marks, exactly as they are.
- Use the terms that researchers use in {{language}}. Plain text without formatting.
"""


def translated_recipe(recipe: str) -> str:
    """The recipe of translations of summaries by this recipe."""
    return f"{recipe}+{TRANSLATION_VERSION}"


async def translate(
    summary: Summary, language: Language, model: LanguageModel, prices: Prices, *, bill: Bill
) -> Summary:
    """The summary in another language; its usage and cost are those of the translation alone.

    The bill gets what the translation uses, even if it is then rejected.

    Raises:
        ModelError: the model failed, or what it wrote says the same as neither the gist nor half of the
            statements. The latter is not retryable, as the reply was complete and paid for; a person may
            ask again.
    """
    texts = list(dict.fromkeys(_texts(summary)))
    reply = await complete_on(
        bill,
        model,
        translation_prompt(texts, language),
        max_tokens=reply_limit(_REPLY_TOKENS, model.context_tokens, share=_REPLY_SHARE),
    )
    taken = accepted(texts, reply.data, language)
    said = [statement.text for statement in summary.statements]
    untranslated = sum(text not in taken for text in said)
    if summary.gist.text not in taken or 2 * untranslated > len(said):
        raise ModelError(
            f"The language model's translation into {language.name} did not pass the check.", retryable=False
        )
    usage = UsageTally.of(reply)
    return replace(
        _with_texts(summary, lambda text: taken.get(text, text)),
        recipe=translated_recipe(summary.recipe),
        language=language.code,
        statements_untranslated=untranslated,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        cost_usd=usage.cost_usd(prices),
    )


def translation_prompt(texts: list[str], language: Language) -> Prompt:
    """The prompt for all statements of a summary."""
    listed = "\n".join(
        json.dumps({"number": number, "text": text}, ensure_ascii=False)
        for number, text in enumerate(texts, start=1)
    )
    return Prompt(
        system=_SYSTEM.format(language=f"{language.name} ({language.own_name})"),
        user=f"The statements:\n{wrap(listed, label='statements')}",
        schema=_schema(len(texts)),
        schema_name="translation",
    )


def _schema(count: int) -> Schema:
    one = object_of({"number": {"type": "integer"}, "text": text_of(_LONGER * PARAGRAPH_CHARACTERS)})
    return object_of({"translations": list_of(one, at_most=count)})


def accepted(texts: list[str], data: Mapping[str, Any], language: Language) -> dict[str, str]:
    """The translations in a reply that say the same, by original; anything else is left out (pure)."""
    items = data.get("translations")
    taken: dict[str, str] = {}
    for item in items if isinstance(items, list) else []:
        number = item.get("number") if isinstance(item, Mapping) else None
        if not isinstance(number, int) or not 1 <= number <= len(texts):
            continue
        original = texts[number - 1]
        text = cleaned(item.get("text"), _LONGER * PARAGRAPH_CHARACTERS)
        if text and text != original and says_the_same(original, text, language):
            taken[original] = text
    return taken


def _texts(summary: Summary) -> list[str]:
    texts: list[str] = []

    def note(text: str) -> str:
        texts.append(text)
        return text

    _with_texts(summary, note)
    return texts


def _with_texts(summary: Summary, change: Callable[[str], str]) -> Summary:
    def statement(said: Statement) -> Statement:
        return replace(said, text=change(said.text)) if said.text else said

    def result(measured: Result) -> Result:
        return replace(measured, metric=change(measured.metric)) if measured.metric else measured

    return replace(
        summary,
        gist=statement(summary.gist),
        claim=statement(summary.claim),
        method=tuple(map(statement, summary.method)),
        results=tuple(map(result, summary.results)),
        critique=tuple(map(statement, summary.critique)),
        implications=tuple(map(statement, summary.implications)),
    )
