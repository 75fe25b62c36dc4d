"""Whether a text says what a paper says: its numbers, quotes, names and statements (pure).

`support.supports` decides about the numbers of a sentence. The steps in order of use, including `cleaning`,
`quotes`, `named` and `turned`, which its callers add:

1. Text: `segments` cuts a paper into pieces of one page and section, `sentences` turns text into plain
   characters and sentences. `cleaning` and `model_talk` tidy what a model wrote.
2. Words: `vocabulary` has the word lists, `stemming` removes endings, `proper_names` and `spelling` find
   names, `metric_names` those of metrics.
3. Reading numbers: `numbers` does it, with `notation` (digits), `number_words`, `suffixes` and `units` (what
   follows the digits), `labels` and `dates` (digits that measure nothing).
4. The paper: `evidence` indexes its sentences and numbers, `quotes` finds quoted words in it.
5. Is it the same amount? `amounts` (value and unit), `rates` (per what), `averages` (mean or median).
6. Is it used in the same sense? `senses` combines `kinds`, `directions`, `bounds`, `ends`, `negation`,
   `significance` and `conditions`; `quantities` and `nearest` help these to read the words around a number.
7. Is it said of the same thing? `counts` and `contraries` compare words; `totals`, `metrics`, `parallels` and
   `neighbours` ask whether the claim fits another number of the sentence better; `siblings` and `named` ask
   whether it fits another name better, with `comparisons` (who is ahead of whom).
8. Is it turned round? `turned` says whether a sentence is the opposite of the paper's most similar one.

Where two texts are compared, the claim is the one being checked, and the statement is the paper's sentence.
"""
