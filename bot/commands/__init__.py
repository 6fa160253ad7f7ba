"""What `vykup` commands do, one module each, so that a command imports only what it needs."""
