"""An invented week of preprints and the loopback arXiv that serves it: `broadsheet demo` needs no internet.

Everything here was written for the demo: no paper, person, institution or result in it exists. The ids have
the form that arXiv gives out and can't clash with real ones: arXiv numbers the papers of a month
consecutively from 00001 (https://info.arxiv.org/help/arxiv_identifier.html), and a month would need more than
90,000 submissions to reach 2611.90001, some three times as many as arXiv's busiest months have had.
"""
