"""arXiv, the OpenAI API and Discord as real servers on loopback, and fakes of ports in memory."""
