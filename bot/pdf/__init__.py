"""Reading PDFs: from a file to a paper's text with its pages and sections."""
