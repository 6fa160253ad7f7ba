"""What people see and press: one module per screen or flow. Nothing here sends a message or waits for a marketplace."""

from aiogram import Router

from handlers import (
    activities,
    by_hand,
    find,
    forms,
    home,
    imports,
    language,
    lines,
    link,
    login,
    navigation,
    orders,
    photos,
    questions,
    recipient,
    reserve,
    session,
    sessions,
    setting_forms,
    settings,
    status_names,
    to_buy,
    to_pay,
    unbind,
    unlinked,
)


def routers() -> tuple[Router, ...]:
    """In the order in which they are asked; the last one takes what nobody knew."""
    return (
        home.router,
        to_buy.router,
        reserve.router,
        questions.router,
        activities.router,
        orders.router,
        unbind.router,
        to_pay.router,
        unlinked.router,
        by_hand.router,
        link.router,
        lines.router,
        sessions.router,
        session.router,
        login.router,
        settings.router,
        setting_forms.router,
        recipient.router,
        status_names.router,
        language.router,
        forms.router,
        imports.router,
        photos.router,
        find.router,
        navigation.router,
        navigation.last,
    )
