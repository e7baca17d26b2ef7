"""A simulated municipal approval system for demo, training and tests: a province's box with the city's own words."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli.province_simulator import ROOT, ProvinceSimulator
from app.cli.simulating import run_simulator
from app.domain.exchange import PROJECT_TABLE, UNIT_TABLE
from app.outbox.senders import municipal_wire

REGISTER_FILE = "municipal-simulator.sqlite"


class MunicipalSimulator(ProvinceSimulator):
    """Takes projects and, once it has the project, its unit works (W17: SaveTBDataToZx, 000 for success)."""

    wsdl = ROOT / "outbox" / "municipal.wsdl"
    method, saved, tables = "SaveTBDataToZx", "000", frozenset({PROJECT_TABLE, UNIT_TABLE})


@click.command("municipal-simulator")
@with_appcontext
def municipal_simulator() -> None:
    """Run the simulated municipal approval system at YHT_MUNICIPAL_URL, in the demo and dev profiles."""
    settings = current_app.extensions["yht"].settings
    file = Path(settings.data_dir) / REGISTER_FILE
    run_simulator(
        settings, "municipal_url", "市审批系统模拟器",
        lambda host, port: MunicipalSimulator(host, port, file=file, wire=municipal_wire(settings)),
    )  # fmt: skip
