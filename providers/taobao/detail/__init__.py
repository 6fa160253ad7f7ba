"""An order's own page in its two shapes: parcels, address, times and what the list does not tell."""
