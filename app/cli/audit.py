"""`yht audit verify` walks the sealed audit trail and says whether it holds."""

import sys

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import sessionmaker

from app.cli.deliver import heads_file, parts
from app.extensions import db
from app.services import trail_heads
from app.services.seal import Verdict, verify_chain


@click.group("audit")
def audit() -> None:
    """The audit trail (审计日志)."""


@audit.command("verify")
@click.option("--head", "given", multiple=True, metavar="SEQUENCE:HASH", help="A head noted elsewhere.")
@with_appcontext
def verify(given: tuple[str, ...]) -> None:
    """Check every seal against its event, and the chain against the heads noted beside the database."""
    told = trail_heads.noted(heads_file())
    heads = told.heads | dict(_head(text) for text in given)
    with sessionmaker(db.engine)() as session:
        verdict = verify_chain(session, now=parts().clock.now(), heads=heads, events=told.events)
    click.echo(_in_words(verdict))
    if not verdict.is_sound:
        sys.exit(1)


def _in_words(verdict: Verdict) -> str:
    sequence, mark = verdict.head
    if verdict.is_sound:
        return f"审计链完整：{sequence} 条记录，链头 {sequence}:{mark}"
    lines = [f"审计链不完整，共 {verdict.count} 处：", *(f"- {one.sentence}" for one in verdict.findings)]
    if verdict.count > len(verdict.findings):
        lines.append(f"- 另有 {verdict.count - len(verdict.findings)} 处，未逐一列出。")
    return "\n".join([*lines, f"此前 {sequence} 条记录无误。"])


def _head(text: str) -> tuple[int, str]:
    sequence, _, mark = text.partition(":")
    if not sequence.isdigit() or not mark:
        raise click.BadParameter("写成 序号:哈希", param_hint="--head")
    return int(sequence), mark
