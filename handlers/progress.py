"""How far a piece of work has come, as a bar of signs."""

from bot.texts import Html


def bar(percent: int) -> Html:
    full = percent // 10
    return Html(f"{'▰' * full}{'▱' * (10 - full)} {percent} %")
