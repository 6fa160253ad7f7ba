"""What people see and press: one module per screen or flow. Nothing here sends a message or waits for a marketplace."""

from aiogram import Router

from handlers import activities, home, imports, lines, navigation, orders, questions, reserve, to_buy


def routers() -> tuple[Router, ...]:
    """In the order in which they are asked; the last one takes what nobody knew."""
    return (
        home.router,
        to_buy.router,
        reserve.router,
        questions.router,
        activities.router,
        orders.router,
        lines.router,
        imports.router,
        navigation.router,
        navigation.last,
    )
