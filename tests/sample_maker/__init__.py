"""Makes the PDFs of the sample week (bot/sample/pdfs) from the texts in `papers/`.

`python -m tests.sample_maker` rebuilds them; the same texts give the same bytes. Titles, authors and
abstracts come from bot/sample/week.json, so that a paper and its arXiv entry agree. The fonts are those that
every PDF reader has, so none are embedded or needed here.
"""
