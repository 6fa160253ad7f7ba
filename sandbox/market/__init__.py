"""What both sandbox marketplaces share: the world, its goods, faults, control and the person's pages."""
