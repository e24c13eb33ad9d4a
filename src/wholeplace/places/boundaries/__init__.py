"""Boundary sets as they are published: outlines, lookups, and what became of old areas.

Enters: GeoJSON, shapefiles, GeoPackages, lookups of the Office for National Statistics. Leaves:
outlines in degrees, chains from a postcode to every area, area sets in a place folder.
"""
