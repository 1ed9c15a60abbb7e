"""The YAML of a spec: as a tree with places and paths, overridden, with its variables put in, and edited where it stands."""
