"""`python -m sandbox`: the command line of the sandbox."""

import asyncio
from typing import Annotated

import typer

from sandbox.launch import serve
from sandbox.options import PartOptions

cli = typer.Typer(help="A local world to try and to test against.", no_args_is_help=False)


@cli.callback(invoke_without_command=True)
def parts(  # noqa: PLR0913 - one flag and one port a part
    context: typer.Context,
    telegram: Annotated[bool, typer.Option("--telegram", help="Only the Bot API part.")] = False,
    taobao: Annotated[bool, typer.Option("--taobao", help="Only the Taobao-like site.")] = False,
    alibaba1688: Annotated[bool, typer.Option("--alibaba1688", help="Only the 1688-like gateway.")] = False,
    port_telegram: Annotated[int, typer.Option(help="0: any free port.")] = 0,
    port_taobao: Annotated[int, typer.Option(help="0: any free port.")] = 0,
    port_alibaba1688: Annotated[int, typer.Option(help="0: any free port.")] = 0,
    latency: Annotated[int, typer.Option(help="Milliseconds added to every page and call.")] = 0,
    seed: Annotated[int, typer.Option(help="What all random things follow from.")] = 1,
) -> None:
    """Start parts on loopback (none named: all), print their addresses as one JSON line, run until stopped."""
    if context.invoked_subcommand:
        return
    ports = {"telegram": port_telegram, "taobao": port_taobao, "alibaba1688": port_alibaba1688}
    chosen = {"telegram": telegram, "taobao": taobao, "alibaba1688": alibaba1688}
    wanted = {name: port for name, port in ports.items() if chosen[name] or not any(chosen.values())}
    try:
        asyncio.run(serve(wanted, PartOptions(latency, seed)))
    except OSError as error:
        typer.echo(f"The sandbox can't start: {error.strerror}", err=True)
        raise typer.Exit(1) from error


@cli.command()
def demo(
    latency: Annotated[int, typer.Option(help="Milliseconds added to every marketplace page and call.")] = 0,
) -> None:
    """The bot in this world, for a person with a browser; Ctrl-C ends all of it."""
    from sandbox.demo import run_demo

    run_demo(latency)


@cli.command()
def tour() -> None:
    """The demo without a person; exit code 0 only when every step was right."""
    from sandbox.tour.run import run

    raise typer.Exit(1 if asyncio.run(run()) else 0)


if __name__ == "__main__":
    cli()
