"""Questions about papers, answered from their passages with citations that hold."""
