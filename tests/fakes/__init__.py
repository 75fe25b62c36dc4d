"""arXiv, the OpenAI API and Discord as real servers on loopback, and the clock."""
