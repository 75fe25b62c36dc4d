"""all-MiniLM-L6-v2, an embedding model that runs on this machine."""
