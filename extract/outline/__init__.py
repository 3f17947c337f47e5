"""Layout alone: blocks, lists, tables by gaps; no word about projects."""
