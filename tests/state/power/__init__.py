"""Disks that fail: power cuts, lost syncs, errors and no room, under the real journal."""
