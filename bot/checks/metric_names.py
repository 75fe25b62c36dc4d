"""Metrics that measure different things, by their names (pure).

Words such as "score" and "error" are left out, as they may mean any of these. Extracts look for them, too,
and for costs such as a latency; they have a list of their own (`bot.summaries.metric_names`).
"""

import re
from functools import lru_cache

_SHORT_NAMES = """
brier cohen fleiss frechet gini hausdorff jaccard kendall krippendorff matthews pearson spearman
acc ap asr auc auprc auroc bleu bpb bpc bpd cer cider crps dice dsc ece eer em f1 fdr fid fnr fpr fps fvd iou
lpips mae map mape mcc meteor mfu miou mrr mse ndcg nll nrmse ppl psnr qps r2 rmse roc rouge rouge-1 rouge-2
rouge-l snr ssim ter tpr ttft wer
"""
METRICS = frozenset(_SHORT_NAMES.split())
"""Metrics in lower case: these name no method and no data set."""

_OF_A_FORMAT = ("mixed", "full", "half", "single", "double", "reduced", "low", "lower", "bit", "numerical")
_FORMATS = ("fp32", "fp16", "fp8", "bf16", "int8", "int4")
"""What stands before a precision that is no metric: "in half precision", "in FP16 precision"."""
_METRICS = {
    "accuracy": r"(?i:accurac(?:y|ies))",
    "average_precision": r"(?i:(?:mean )?average precision)|mAP|(?<=\d )AP",
    "precision": "".join(rf"(?<!\b(?i:{word})[ -])" for word in (*_OF_A_FORMAT, *_FORMATS))
    + "(?i:precision(?! (?:medicine|oncology|agriculture)))",
    "recall": r"(?i:(?<!we )recall(?! that))",
    "f1": r"F-?1|(?i:f-(?:score|measure))",
    "exact_match": r"(?i:exact match)",
    "bleu": r"(?:Sacre)?BLEU",
    "rouge": r"ROUGE",
    "meteor": r"METEOR",
    "bertscore": r"BERTScore",
    "chrf": r"(?i:chrf)",
    "perplexity": r"(?i:perplexit(?:y|ies)|ppl)",
    "auc": r"AUC|AUROC|(?i:area under the (?:[\w-]+ ){0,3}curve)",
    "rmse": r"RMSE|(?i:root[- ]mean[- ]squared?[- ](?:error|deviation))",
    "mse": r"MSE|(?i:mean[- ]squared?[- ]error)",
    # Not the masked autoencoders of that name.
    "mae": r"MAE(?= (?:of|is|was|by|to|on|for)\b| ?[:=])|(?<=\d )MAE|(?i:mean[- ]absolute[- ]error)",
    "wer": r"WER|(?i:word[- ]error[- ]rate)",
    "cer": r"CER|(?i:character[- ]error[- ]rate)",
    "pearson": r"(?i:pearson)",
    "spearman": r"(?i:spearman)",
    "kendall": r"(?i:kendall)",
    "psnr": r"PSNR",
    "ssim": r"SSIM",
    "fid": r"FID",
    "ndcg": r"(?i:ndcg)",
    "mrr": r"MRR|(?i:mean reciprocal rank)",
    "iou": r"(?i:m?iou|intersection over union)",
}
_NAMED = re.compile(
    rf"(?<![^\W_])(?:{'|'.join(f'(?P<{metric}>{names})' for metric, names in _METRICS.items())})(?![^\W\d_])"
)


@lru_cache(maxsize=4096)
def named_metrics(text: str) -> frozenset[str]:
    """The metrics that a text names, however it spells them: `f1` for "F-measure"."""
    return frozenset(match.lastgroup or "" for match in _NAMED.finditer(text))
