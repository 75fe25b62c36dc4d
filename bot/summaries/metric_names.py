"""The names of metrics (pure)."""

import re

_METRIC_NAMES = (
    r"accuracy|f1(?:[- ]scores?)?|bleu(?:-\d)?|rouge(?:-[\dl])?|meteor|bertscore"
    r"|(?:recall|precision|ndcg|mrr|map|hits|pass|accuracy|[rp]\d*)@(?:\d+|k)|recall(?! that\b)|precision"
    r"|auc|auroc|map|mrr|ndcg|exact match|em|perplexity|ppl|wer|cer|rmse|mae|iou"
    r"|(?:win|success|pass|error) rate|agreement|pearson r|correlation|kappa|latency|throughput"
    r"|speed-?ups?|memory(?: usage| consumption| footprint)?"
    r"|(?:training |inference )?time"
    r"(?! (?:alignment|frame|period|point|series|span|stamp|step|warping|window)s?\b)"
    r"|error|parameters|flops|energy|(?<!at the )cost"
    r"|gains?|improvements?|reductions?|scores?"
)
METRIC = re.compile(
    r"(?<![\w-])(?<!each )(?<!every )"
    r"(?:(?:exact|top-\d|zero-shot|few-shot|average|test|macro|micro)[- ])?"
    rf"(?:{_METRIC_NAMES})(?![\w@-])",
    re.IGNORECASE,
)
WEAK = re.compile(
    r"gains?|improvements?|reductions?|scores?|time|cost|parameters|error|em|map", re.IGNORECASE
)
"""Names that say little without a unit."""
