"""The catalogue of generated files: what is generated for a network, writing it, and the drift from what is on the disk."""
