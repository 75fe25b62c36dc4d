"""The whole bot over sockets: a real process that talks to Discord, arXiv and a model server on loopback."""
