"""Shapes of areas that a steward drops in: GeoJSON file → features → areas → set in the store."""


class BadBoundaries(ValueError):
    """A file whose shapes cannot be taken; says what is wrong with it and where."""
