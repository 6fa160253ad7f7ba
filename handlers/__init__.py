"""What people see and press: one module per screen or flow. Nothing here sends a message or waits for a marketplace."""

from aiogram import Router

from handlers import home, navigation


def routers() -> tuple[Router, ...]:
    """In the order in which they are asked; the last one takes what nobody knew."""
    return (home.router, navigation.router, navigation.last)
