"""`yht demo` fills an empty database with demonstration records and says who can sign in."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import sessionmaker

from app.cli.deliver import parts
from app.domain.terms import TERMS
from app.extensions import Parts, db
from app.security.passwords import hash_password
from app.seeds import demo_data
from app.seeds.demo import Stage, is_empty, load_demo

PASSWORD_FILE = "demo.password"  # noqa: S105 - a file's name


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Load the demonstration records into an empty database; print the accounts either way."""
    chosen = parts()
    if chosen.settings.is_production:
        raise click.ClickException("生产环境不装入演示数据。")
    password = chosen.settings.demo_password or kept_password(Path(chosen.settings.data_dir))
    load_if_empty(chosen, password)
    click.echo("\n".join(_accounts(password, chosen.settings.initial_password)))


def load_if_empty(chosen: Parts, password: str) -> None:
    """Play the demo on an empty stage; anything that is there already stays as it is."""
    method = chosen.settings.password_hash
    with sessionmaker(db.engine)() as session:
        if not is_empty(session):
            return
        session.rollback()  # ends the read: the services begin as writers
        load_demo(
            Stage(
                session=session,
                storage=chosen.storage,
                now=chosen.clock.now(),
                hash_password=lambda plain: hash_password(plain, method),
                demo_password=password,
                initial_password=chosen.settings.initial_password,
            )
        )


def kept_password(folder: Path) -> str:
    """The demo accounts' password, made once and kept beside the database, for its owner's eyes only."""
    path = folder / PASSWORD_FILE
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(f"Yht-{secrets.token_urlsafe(9)}", encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _accounts(password: str, initial_password: str) -> Iterator[str]:
    yield f"演示账号，密码均为 {password}："
    for person in demo_data.STAFF:
        yield f"  {person.username:<20} {'、'.join(TERMS[role] for role in person.roles)}：{person.name}"
    for values in demo_data.ORGANIZATIONS:
        is_new = values["org_code"] == demo_data.NEW
        first = f"，尚未修改初始密码 {initial_password}" if is_new else ""
        yield f"  {values['org_code']!s:<20} 建设单位：{values['name']}{first}"
