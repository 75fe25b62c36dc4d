"""Questions that arXiv's record of a paper answers: when, where, by whom, how many pages (pure)."""

import re
from collections.abc import Collection

from bot.answers.pointed import asks_by_whom, asks_for_code
from storage.letters import straightened
from storage.model import Paper

_OF_PAPERS = r"(?:the|this|that|these|those|each|both|all|every|two|three|first|second|third|last|other|of)"
_IT = (
    rf"(?:it|this|that|they|these|those|both|(?:{_OF_PAPERS} )+(?:papers?|articles?|preprints?|works?"
    r"|manuscripts?|versions?|highlights?|ones?|authors?)|\"[^\"]*\"(?: (?:and|or) \"[^\"]*\")*"
    r"|v\d{1,2}|version \d{1,2}|(?-i:[A-Z])\S*)"
)
"""How questions refer to a paper; where its name was cut out, nothing may be left."""
_THIS = rf"(?:it|this|that|(?:{_OF_PAPERS} ){{1,4}}(?:papers?|articles?|preprints?|works?|manuscripts?))"
"""The same without names, which may be those of data sets and models."""
_SEVERAL = rf"(?:{_IT}|them|(?:the|these|those) (?:two|three|four|others?))"
_BEGINS = r"(?:^|[,.;:?!] )(?:(?:and|but|so) )?"
_HAS = r"(?:was|were|is|are|will|did|has|have|had|does)"
_THEN = r"(?: (?:been|be|first|last|originally|initially|already|ever|yet))*"
_CAME_OUT = (
    r"(?:publish|submit|updat|revis|releas|post|upload|c[ao]me out|appear|announc|accept|present|writ"
    r"|peer[- ]review|reject)\w*"
)
_WHEN = (
    rf"\b(?:when|where|(?:what|which) (?:date|day|month|year)) {_HAS}(?: {_IT})?{_THEN} {_CAME_OUT}"
    r"|^(?:(?:and|so|but) )?(?:since )?when\W*$"
    r"|\b(?:publication|submission|release) (?:date|year|day)\b|\b(?:date|year) of (?:publi|submi)"
    rf"|\bwhat year {_HAS} {_IT} from\b|\bhow (?:old|new|recent) {_HAS} {_IT}\b"
    rf"|\bwhich(?: (?:of )?(?:{_IT}|papers?|ones?))? {_HAS}{_THEN} (?:published|submitted|released|accept)"
    rf"|\bwhich(?: (?:papers?|articles?|preprints?|works?|highlights?|versions?|ones?))?(?: of {_SEVERAL})?"
    r"(?: (?:in|from) this \w+)? (?:came out|is|are)"
    r" (?:the )?(?:first|older|oldest|newer|newest|earlier|latest|(?:more|most) recent)\b"
    r"\W*(?:papers?|versions?|ones?)?\W*$"
)
_VENUE = (
    r"(?:neurips|nips|icml|iclr|aaai|ijcai|acl|emnlp|naacl|eacl|tacl|coling|colm|cvpr|iccv|eccv|wacv|miccai|icra|iros"
    r"|corl|kdd|sigir|wsdm|recsys|aistats|uai|colt|jmlr|tmlr|icassp|interspeech|siggraph|soda|stoc|focs"
    r"|(?-i:Nature|Science|Cell|PRL|PNAS|CHI|RSS|WWW)|an? (?:\w+ )?(?:conference|journal|workshop|venue))\b"
)
_WHERE = (
    rf"{_BEGINS}{_HAS} {_IT}{_THEN} (?:published|accepted|presented|withdrawn|retracted|rejected)\b"
    rf"|{_BEGINS}(?:was|were|has|have|had) {_THIS}{_THEN} (?:updated|revised|replaced)"
    r"(?: since(?: then)?| again| recently| lately)?\W*$"
    rf"|{_BEGINS}{_HAS} {_IT}{_THEN} (?:(?:appear\w*|shown) )?(?:at|in|from) (?:the )?{_VENUE}"
    rf"|{_BEGINS}{_HAS} {_IT} an? {_VENUE} (?:paper|article)\b"
    rf"|\b{_HAS} {_IT} get (?:accepted|published|into)\b"
    r"|\bpeer[- ]reviewed\b|\b(?:withdrawn|retracted)\W*$|\ba preprint\W*$"
    r"|\b(?:which|what) (?:conference|journal|venue|workshop)\b|^(?:the )?(?:conference|journal|venue)\W*$"
    rf"|\bdoi\b|\bbibtex\b|\bcite {_IT}|\bjournal ref"
)
_OF_OTHERS = (
    r" (?:(?:\w+ ){0,3}(?:annotat|label|recruit|interview|crawl|scrap|scann|retriev|index)\w*"
    r"|of (?:(?:the|this|that|their|its|each|an?) )?(?:\w+ ){0,2}(?:models?|data\w*|texts?|corp(?:us|ora)"
    r"|prompts?|code|loss)\b)"
)
"""After "how many authors" and the like: those of what a paper is about."""
_WHAT = (
    rf"\bhow many (?:pages|authors|versions)\b(?!{_OF_OTHERS})"
    r"|\b(?:page count|number of (?:pages|authors))\b"
    rf"|\bhow long {_HAS} {_IT}\W*$"
    r"|\barxiv (?:categor|subject|class|section|id\b|number|identifier)|\bprimary (?:categor|class)"
    rf"|\b(?:what|which) categor\w+(?: {_HAS})?(?: {_IT})?(?: in| under| filed| listed)*\W*$"
    rf"|\bis there (?:already |now |yet )?(?:an?|any) (?:new|updated|revised|corrected|more recent) versions?"
    rf"(?: of {_THIS})?\W*$|\bis there (?:already |now )?a (?:v\d{{1,2}}|version \d{{1,2}})\W*$"
    rf"|\b(?:latest|newest|newer|later|current) versions?(?: of {_IT})?\W*$|\bwhich version {_HAS} {_IT}"
    r"|\b(?:what|which) licen[cs]e\b"
    rf"|(?:^|\bwhat(?: is|'s) )(?:(?:the|its) )?licen[cs]e(?: (?:of|for) {_THIS})?\W*$"
    rf"|\bhow {_HAS} {_THIS} licen[cs]ed\b"
)
_ASKS = re.compile(f"{_WHEN}|{_WHERE}|{_WHAT}", re.IGNORECASE)
_TELLS_OF_CODE = re.compile(r"https?://|\b(?:code|github|project|available|demo|website)\b", re.IGNORECASE)


def asks_for_record(question: str, papers: Collection[Paper]) -> bool:
    """Whether the records of these papers may answer it; where code is, only if a comment mentions any."""
    spoken = straightened(question)
    if asks_for_code(spoken):
        return any(_TELLS_OF_CODE.search(paper.comment or "") for paper in papers)
    return asks_by_whom(spoken) or _ASKS.search(spoken) is not None
