"""One writer for each format: a Document in, its text out."""
