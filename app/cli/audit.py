"""`yht audit verify` walks the sealed audit trail and says whether it holds."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import sessionmaker

from app.cli.deliver import heads_file, parts
from app.extensions import db
from app.services.seal import Verdict, verify_chain


@click.group("audit")
def audit() -> None:
    """The audit trail (审计日志)."""


@audit.command("verify")
@click.option("--head", "given", multiple=True, metavar="SEQUENCE:HASH", help="A head noted elsewhere.")
@with_appcontext
def verify(given: tuple[str, ...]) -> None:
    """Check every seal against its event, and the chain against the heads noted beside the database."""
    heads = _noted(heads_file()) | dict(_head(text) for text in given)
    with sessionmaker(db.engine)() as session:
        verdict = verify_chain(session, now=parts().clock.now(), heads=heads)
    click.echo(_in_words(verdict))
    if not verdict.is_sound:
        sys.exit(1)


def _in_words(verdict: Verdict) -> str:
    sequence, mark = verdict.head
    if verdict.finding is not None:
        return f"审计链不完整。{verdict.finding.sentence}\n此前 {sequence} 条记录无误。"
    return f"审计链完整：{sequence} 条记录，链头 {sequence}:{mark}"


def _head(text: str) -> tuple[int, str]:
    sequence, _, mark = text.partition(":")
    if not sequence.isdigit() or not mark:
        raise click.BadParameter("写成 序号:哈希", param_hint="--head")
    return int(sequence), mark


def _noted(path: Path) -> dict[int, str]:
    """The heads that the worker wrote down; the last line may have been cut off by a power failure."""
    if not path.exists():
        return {}
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return {int(line[1]): line[2] for line in lines if len(line) == 3 and len(line[2]) == 64}
