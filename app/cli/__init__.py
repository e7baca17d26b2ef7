"""`flask --app run yht …`: the commands, each loaded when it is called."""

import importlib

import click
from flask import Flask
from flask.cli import AppGroup

COMMANDS = {
    "init": "app.cli.init:init",
    "create-admin": "app.cli.init:create_admin",
    "check": "app.cli.check:check",
    "serve": "app.cli.serve:serve",
    "demo": "app.cli.demo:demo",
    "deliver": "app.cli.deliver:deliver",
    "reconcile": "app.cli.deliver:reconcile",
    "worker": "app.cli.deliver:worker",
    "audit": "app.cli.audit:audit",
    "report": "app.cli.report:report",
    "import": "app.cli.import_history:import_history",
    "municipal-simulator": "app.cli.municipal_simulator:municipal_simulator",
    "province-simulator": "app.cli.province_simulator:province_simulator",
    "sms-simulator": "app.cli.sms_simulator:sms_simulator",
}


class Commands(AppGroup):
    """A group that imports a command only when it is asked for it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


def register(app: Flask) -> None:
    """Hang the group on the application."""
    app.cli.add_command(Commands("yht", help="一号通: set up, check and run the console."))
