"""`yht report monthly` writes a month's report of a bureau as a workbook, by the same service as the screen."""

import io
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound
from app.domain.month import Month, read
from app.extensions import db
from app.security import here
from app.services import report as reports


@click.group("report")
def report() -> None:
    """Reports (统计报表)."""


@report.command("monthly")
@click.option("--month", "text", metavar="YYYY-MM", help="The month; last month if left out.")
@click.option("--bureau", required=True, metavar="CODE", help="The bureau's six digits.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The workbook.")
@with_appcontext
def monthly(text: str | None, bureau: str, output: Path) -> None:
    """Write 登记月报 of a bureau and those below it; the audit trail notes it as the system's export."""
    now, file = here.now(), io.BytesIO()
    month = _month(text) if text else reports.last_month(now)
    with Session(db.engine) as session:
        try:
            reports.export(session, reports.command_actor(session), bureau, month, file, now=now)
        except NotFound as missing:
            raise click.BadParameter(f"没有代码为 {bureau} 的机构。", param_hint="--bureau") from missing
    try:
        output.write_bytes(file.getvalue())
    except OSError as error:
        raise click.BadParameter(f"写不进这个文件：{error.strerror}。", param_hint="-o") from error
    click.echo(f"已写入 {output}")


def _month(text: str) -> Month:
    try:
        return read(text, now=here.now())
    except Invalid as trouble:
        raise click.BadParameter(str(trouble.problems[0].sentence), param_hint="--month") from trouble
