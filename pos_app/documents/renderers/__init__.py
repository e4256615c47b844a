"""A page drawn as raster, plain text or PDF."""
