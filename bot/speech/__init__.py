"""Digests read aloud: their text made fit for ears, spoken, joined, encoded."""
