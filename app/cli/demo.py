"""`yht demo` fills an empty database with demonstration records and says who can sign in."""

import gc
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.cli.deliver import parts
from app.cli.demo_receivers import tell_receivers
from app.domain.terms import TERMS
from app.extensions import Parts, db
from app.security.here import time_limits
from app.security.passwords import hash_password
from app.seeds import demo_data
from app.seeds.demo import Scale, Stage, is_empty, load_demo
from app.seeds.demo_session import OneTransaction
from app.storage import FileStorage, storage_from_url
from models import owner_only

PASSWORD_FILE = "demo.password"  # noqa: S105 - a file's name


@click.command("demo")
@click.option(
    "--scale",
    type=click.Choice([str(s) for s in Scale]),
    default=str(Scale.FULL),
    help="core: the promised accounts alone.",
)
@with_appcontext
def demo(scale: str) -> None:
    """Load the demonstration records into an empty database; print the accounts either way."""
    chosen = parts()
    if chosen.settings.is_production:
        raise click.ClickException("生产环境不装入演示数据。")
    password = chosen.settings.demo_password or kept_password(Path(chosen.settings.data_dir))
    load_if_empty(chosen, password, Scale(scale))
    click.echo("\n".join(_accounts(password, chosen.settings.initial_password)))


def load_if_empty(chosen: Parts, password: str, scale: Scale = Scale.FULL) -> None:
    """Play the demo on an empty stage; anything that is there already stays as it is.

    All of it is one transaction: a load that is killed leaves the database empty, and the next start begins anew.
    Scans that it left behind are found again by their hash.
    """
    method = chosen.settings.password_hash
    storage = FileStorage(storage_from_url(chosen.settings.storage_url).root, at_once=False)
    with db.engine.connect().execution_options(write=True) as connection, connection.begin():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA cache_size = -65536")  # KiB: the whole demo stays in memory until then
        session = OneTransaction(connection)
        if not is_empty(session):
            return
        with _less_sweeping():
            load_demo(
                Stage(
                    session=session,
                    storage=storage,
                    now=chosen.clock.now(),
                    hash_password=lambda plain: hash_password(plain, method),
                    demo_password=password,
                    initial_password=chosen.settings.initial_password,
                    limits=time_limits(),
                ),
                scale,
            )
        storage.sync()
        tell_receivers(session, Path(chosen.settings.data_dir))


@contextmanager
def _less_sweeping() -> Iterator[None]:
    """Let garbage pile up for a while: looking for cycles after every few objects is a tenth of the load."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def kept_password(folder: Path) -> str:
    """The demo accounts' password, made once and kept beside the database, for its owner's eyes only."""
    path = folder / PASSWORD_FILE
    if not path.exists():
        with owner_only.open_file(path, "x", encoding="ascii") as file:
            file.write(f"Yht-{secrets.token_urlsafe(9)}")
    return path.read_text(encoding="ascii").strip()


def _accounts(password: str, initial_password: str) -> Iterator[str]:
    yield f"演示账号，密码均为 {password}："
    for person in demo_data.STAFF:
        yield f"  {person.username:<20} {'、'.join(TERMS[role] for role in person.roles)}：{person.name}"
    yield "  其余机构每个岗位一个账号：admin、reviewer、clerk、manager、matter 加机构名，如 reviewer.yixing"
    for values in demo_data.ORGANIZATIONS:
        is_new = values["org_code"] == demo_data.NEW
        first = f"，尚未修改初始密码 {initial_password}" if is_new else ""
        yield f"  {values['org_code']!s:<20} 建设单位：{values['name']}{first}"
