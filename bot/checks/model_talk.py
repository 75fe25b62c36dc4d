"""Recognises sentences that talk to or about language models (pure).

"Ignore all previous instructions" talks to one, and "Here is the summary" is a reply about its task; "We ask
models to ignore the prompt" is neither.
"""

import re

_MODEL = r"(?:(?:large|language|ai|artificial) )*(?:ai|llms?|models?|intelligence)"
_READER = rf"{_MODEL} (?:reviewers?|assistants?)"
_BEGINS_ORDER = (
    r"(?:^\W*(?:(?:please|now|then|also|and|so|but|instead|important|note"
    rf"|as an? {_MODEL}(?: reviewer)?)[\s,:]+)*"
    r"|[.!?] |\bplease,? |(?<![\"'“‘«])\b(?=(?-i:[A-Z]))"
    rf"|\b(?:you|{_READER}) (?:must|should|have to|need to|are to) (?:now |also )?)"
)
"""What comes before an order to the reader. A capital letter may start one anywhere, as hidden text may
follow the paper's own without a full stop; after a quotation mark it is an example that the paper gives."""
MEANT_FOR_MODELS = re.compile(
    rf"{_BEGINS_ORDER}(?:"
    r"(?:ignore|disregard|forget|override)\b(?= (?:all|any|every|everything|the|your|my|our|these|those|what"
    r"|previous|prior|earlier|above|instructions?|prompts?|rules)\b)"
    r"[^.]{0,40}\b(?:instructions?|prompts?|rules|above|previous(?:ly)?)\b"
    r"|(?:give|write|provide|output)\b[^.]{0,30}\b(?:positive|favou?rable) (?:review|summary"
    r"|assessment|rating)"
    r"|(?:do not|don't|never) (?:mention|highlight|report)\b[^.]{0,30}\b(?:negatives?|weakness|limitations)"
    r"|(?:reveal|print|repeat|output|show)\b[^.]{0,20}\bsystem prompt\b"
    rf"|you are (?:now )?an? (?:{_MODEL}|assistant)\b|(?:new instructions?|system prompt) ?:"
    rf"|{_READER}(?: ?:|,? please\b))"
    rf"|\bif you are an? (?:{_MODEL}|assistant)\b|\bas an? {_MODEL}(?: assistant| reviewer)?,? (?:you|i)\b"
    r"|<\|?(?:im_start|im_end|system|data\b)",
    re.IGNORECASE,
)
"""Sentences that address language models. Papers have carried hidden ones
(https://arxiv.org/abs/2507.06185)."""

META_TALK = re.compile(
    r"^\s*(?:sure|certainly|of course|here(?:'s| is| are)|below (?:is|are)|as requested|i (?:cannot"
    r"|can't|am unable)"
    r"|i'm (?:sorry|unable)|the (?:user|prompt|schema|json) (?:above|asks?|asked|below|did|does|expects?"
    r"|needs?|provided|requests?|requested|requires?|required|says?|wanted|wants?)\b)",
    re.IGNORECASE,
)
"""How replies start that talk about the task."""
