"""An invented week of preprints, and the local arXiv that serves it: `broadsheet demo` needs no internet.

Everything here was written for the demo: no paper, person, institution or result in it exists. The ids have
arXiv's form but can't clash with real ones: arXiv numbers each month's papers consecutively from 00001
(https://info.arxiv.org/help/arxiv_identifier.html), and it would take more than 90,000 submissions in a month
to reach 2611.90001, some three times as many as in arXiv's busiest months.
"""
