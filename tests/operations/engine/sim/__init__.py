"""A deterministic simulation of the engine: its world, its AWS, its operators, its judge; everything from one seed."""
