"""The command line: words and files in; text on stdout, diagnostics on stderr and an exit code out."""
