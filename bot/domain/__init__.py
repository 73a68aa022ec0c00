"""Shared nouns and their lifecycles. Imports nothing of ours; does no I/O."""
