"""What leaves for a shop over HTTP."""
