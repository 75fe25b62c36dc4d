"""The public pages and feeds of servers that publish their digests."""
