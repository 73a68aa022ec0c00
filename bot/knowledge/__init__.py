"""YAML to checked entries to a compiled index to matches."""
