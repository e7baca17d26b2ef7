"""`yht deliver` makes one pass, `yht reconcile` compares, `yht worker` keeps delivering, sealing and sweeping."""

import logging
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
from babel.support import Translations
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import sessionmaker

from app.extensions import Parts, db
from app.outbox.deliver import deliver_due
from app.outbox.senders import registers, senders
from app.security.here import time_limits
from app.services.reconcile import reconcile as reconcile_now
from app.services.reference import region_codes
from app.worker import Engine, run_worker
from config import ROOT

HEADS_FILE = "audit-heads.log"
DOCUMENTED_QUEUES = ("", "file", "sqlite")


@click.command("deliver")
@with_appcontext
def deliver() -> None:
    """Send what is due, once over the whole outbox."""
    engine = background_engine()
    tally = deliver_due(engine.session_factory, engine.senders, engine.clock)
    click.echo("，".join(f"{state} {count}" for state, count in sorted(tally.items())) or "没有到期的消息")


@click.command("reconcile")
@with_appcontext
def reconcile() -> None:
    """Compare the push ledger with the registers of other systems, now."""
    engine = background_engine()
    for system, register in engine.registers.items():
        with engine.session_factory() as session:
            row = reconcile_now(session, system, register, now=engine.clock.now())
            found = "还没有报送过" if row is None else row.failed or f"我方 {row.ours}，对方 {row.theirs}"
            differs = (
                f"，缺少 {len(row.missing)}，不明 {len(row.unknown)}" if row is not None and not row.failed else ""
            )
        click.echo(f"{system}：{found}{differs}")


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Deliver, seal the audit trail and sweep until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    for chatty in ("huey", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    if not run_worker(background_engine(), queue_file(parts().settings.queue_url)):
        sys.exit(1)


def parts() -> Parts:
    """What the composition root chose."""
    chosen: Parts = current_app.extensions["yht"]
    return chosen


def background_engine() -> Engine:
    """The worker's tools, from the application's parts."""
    chosen = parts()
    session_factory = sessionmaker(db.engine)

    def regions(system: str) -> Mapping[str, str]:
        with session_factory() as session:
            return region_codes(session, system)

    return Engine(
        session_factory=session_factory,
        senders=senders(chosen.settings, regions),
        clock=chosen.clock,
        limits=time_limits(),
        heads_file=heads_file(),
        storage=chosen.storage,
        data_dir=Path(chosen.settings.data_dir),
        speak=speak,
        registers=registers(chosen.settings),
    )


def speak(language: str) -> Callable[[str], str]:
    """What says a message in a language; work in the background has no request to ask for it."""
    if language.startswith("zh"):
        return str
    catalogue = Translations.load(str(ROOT / "translations"), [language])
    return catalogue.gettext


def heads_file() -> Path:
    """Where the audit chain's head is noted, outside the database."""
    return Path(parts().settings.data_dir) / HEADS_FILE


def queue_file(url: str) -> Path:
    """The queue's file. A queue elsewhere is not served by this version."""
    scheme = urlsplit(url).scheme if "://" in url else ""
    if scheme not in DOCUMENTED_QUEUES:
        raise click.ClickException(f"YHT_QUEUE_URL 只支持文件，不支持 {scheme}。")
    if not scheme:
        return Path(url)
    path = unquote(urlsplit(url).path)
    # After sqlite: three slashes begin a relative path, four an absolute one, as in YHT_DATABASE_URL.
    return Path(path[1:] if scheme == "sqlite" else path)
