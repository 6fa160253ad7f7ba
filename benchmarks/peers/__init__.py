"""Bots that Vykup is compared with: as little as does the same for a person. Each is a process of its own."""
