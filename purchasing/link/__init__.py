"""Linking lines with provider orders that exist already. No piece is covered twice."""
