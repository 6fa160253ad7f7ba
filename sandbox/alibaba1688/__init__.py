"""A 1688-like Open Platform gateway with the shapes, spellings, units and traps of the real one."""
