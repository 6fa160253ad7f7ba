"""The command line. Commands import late: aiogram alone costs seconds, and a wrong setting must be said at once."""

from collections.abc import Callable
from pathlib import Path

import typer

from bot.settings import Settings, load_settings
from purchasing.errors import VykupError

app = typer.Typer(
    name="vykup",
    help="A Telegram console for a purchasing agency. Settings come from settings.env and the environment.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def run() -> None:
    """Run the bot until SIGTERM or Ctrl-C."""
    from bot.commands.run import run as command

    _do(command)


@app.command()
def migrate() -> None:
    """Bring the database to this version's tables. `run` does it too."""
    from bot.commands.migrate import migrate as command

    _do(command)


@app.command()
def doctor() -> None:
    """Look for what would keep the bot from working; changes nothing. Exit code 1 when something is wrong."""
    from bot.commands.doctor import doctor as command

    _do(command)


@app.command()
def backup(file: Path) -> None:
    """Copy the whole database into FILE; the bot may run meanwhile."""
    from bot.commands.backup import backup as command

    _do(lambda settings: command(settings, file))


@app.command()
def restore(file: Path) -> None:
    """Set the database back to the backup FILE; refused while the bot runs. Buying is stopped afterwards."""
    from bot.commands.restore import restore as command

    _do(lambda settings: command(settings, file))


@app.command("rotate-key")
def rotate_key() -> None:
    """Seal everything by a new secret key; refused while the bot runs. May be repeated when it was broken off."""
    from bot.commands.rotate_key import rotate_key as command

    _do(command)


@app.command("read-label")
def read_label(files: list[Path]) -> None:
    """Print what the bot would read from pictures of labels, one JSON line a file. Needs no settings."""
    from bot.commands.read_label import read_label as command

    if not command(files):
        raise typer.Exit(1)


def _do(command: Callable[[Settings], bool | None]) -> None:
    """Runs a command with the settings; what we raise on purpose is one sentence on stderr and exit code 1."""
    try:
        fine = command(load_settings())
    except VykupError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if fine is False:
        raise typer.Exit(1)


def main() -> None:
    app()
