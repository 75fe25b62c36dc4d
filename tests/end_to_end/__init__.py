"""The whole bot over sockets: a real process between the loopback Discord, arXiv and model server."""
