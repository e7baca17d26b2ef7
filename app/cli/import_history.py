"""`yht import projects|organizations FILE`: history from a workbook, by the same door as the screen."""

from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.domain.permissions import Actor
from app.domain.terms import Role
from app.security.here import db, now
from app.services import import_batch, import_words
from app.services.import_table import ImportKind, read_batch
from app.services.import_verdict import Report
from app.services.people import actor_of
from models.bureau import Bureau
from models.user import User

SHOWN = 50


@click.command("import")
@click.argument("kind", type=click.Choice([str(kind) for kind in ImportKind]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Judge every row, store nothing.")
@click.option("--only-good", is_flag=True, help="Store the good rows although others are not.")
@click.option("--as", "username", default="", help="Administrator's account; else the root bureau's first one.")
@click.option(
    "--annotated", type=click.Path(dir_okay=False, path_type=Path), help="Write the file with its notes here."
)
@with_appcontext
def import_history(
    kind: str, file: Path, dry_run: bool, only_good: bool, username: str, annotated: Path | None
) -> None:
    """Import historic projects or organizations from an .xlsx file."""
    actor = _administrator(db(), username)
    try:
        with file.open("rb") as stream:
            batch = read_batch(db(), ImportKind(kind), stream)
        if dry_run:
            report = import_batch.check(db(), actor, batch, now=now())
        else:
            report = import_batch.store(db(), actor, batch, only_good=only_good, now=now())
    except Refused as refusal:
        raise click.ClickException(str(refusal.sentence)) from None
    if annotated is not None:
        with annotated.open("wb") as target:
            import_words.annotated(report, target, say=str, translate=str, now=now())
    _tell(report)
    if not dry_run and not report.is_good and not only_good:
        raise click.ClickException(import_batch.NOT_ALL_GOOD)


def _administrator(session: Session, username: str) -> Actor:
    """Who imports: the account named, else the first administrator of the root bureau."""
    query = select(User.id).where(User.active.is_(True), User.roles.any(name=Role.ADMINISTRATOR.value))
    if username:
        query = query.where(User.username == username)
    else:
        query = query.join(Bureau, Bureau.id == User.bureau_id).where(Bureau.parent_id.is_(None))
    key = session.scalar(query.order_by(User.id).limit(1))
    if key is None:
        raise click.ClickException("没有这样的系统管理员，请用 --as 指定账号。")
    return actor_of(session, key)


def _tell(report: Report) -> None:
    for verdict, word in import_words.VERDICTS.items():
        click.echo(f"{word}：{report.counts[verdict]}")
    if report.stored:
        click.echo(f"已导入：{report.stored}")
    problems = [(row.row.number, problem) for row in report for problem in row.problems]
    for number, problem in problems[:SHOWN]:
        click.echo(f"第 {number} 行 {problem.field}：{problem.sentence}")
    if len(problems) > SHOWN:
        click.echo(f"另有 {len(problems) - SHOWN} 处，写在 --annotated 的文件里。")
