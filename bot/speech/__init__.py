"""Digests read aloud: the text is written for listening, spoken, joined and encoded."""
