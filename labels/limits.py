"""How large a picture may be, known before anything is opened."""

LARGEST = 20 * 1024 * 1024
MOST_PIXELS = 25_000_000
"""A phone's 12 megapixels and more; decoded as grey, so at most 25 MB."""
