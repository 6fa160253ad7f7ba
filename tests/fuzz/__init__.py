"""Whatever comes from outside, in whatever shape: nothing unforeseen is raised and nothing is done that may not be."""
