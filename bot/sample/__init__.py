"""An invented week of preprints and the loopback arXiv that serves it."""
