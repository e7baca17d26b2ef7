"""`yht init` makes a database ready, `yht create-admin` its first administrator. Neither asks anything."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, select, text

from app.domain.errors import Invalid, Refused
from app.domain.passwords import weakness
from app.domain.permissions import SYSTEM_ACTOR
from app.domain.terms import Role
from app.extensions import db as database
from app.migrations.run import upgrade
from app.security.here import db, now, settings
from app.security.passwords import hash_password
from app.security.roles import sync_roles
from app.seeds.reference import load_reference
from app.services import accounts
from models import sqlite_file
from models.bureau import Bureau
from models.user import User

ONE_AT_A_TIME = 3_202_812_018  # any constant, the same in every process


@dataclass(frozen=True)
class Administrator:
    """Who is to be made."""

    username: str
    password: str
    name: str
    bureau: str


@click.command("init")
@with_appcontext
def init() -> None:
    """Migrate, load the reference data, write roles and rights. Run it again at any time."""
    upgrade(settings().database_url)
    with _alone():
        load_reference(db())
        changed = sync_roles(db(), current_app.extensions["appbuilder"])
        click.echo(f"数据库已就绪；权限变动 {changed} 项。")
        if settings().admin_username and settings().admin_password:
            click.echo(_make(_wanted()))


@click.command("create-admin")
@click.option("--username", default="", help="Account name; else YHT_ADMIN_USERNAME.")
@click.option("--password", default="", help="Password; else YHT_ADMIN_PASSWORD.")
@click.option("--name", default="", help="Name as shown; else YHT_ADMIN_NAME.")
@click.option("--bureau", default="", help="Bureau code; else YHT_ADMIN_BUREAU, else the root bureau.")
@with_appcontext
def create_admin(username: str, password: str, name: str, bureau: str) -> None:
    """Make an administrator. An account of that name is left as it is."""
    wanted = _wanted(username, password, name, bureau)
    if not wanted.username or not wanted.password:
        raise click.ClickException("请给出 --username 和 --password，或设置 YHT_ADMIN_USERNAME 和 YHT_ADMIN_PASSWORD。")
    click.echo(_make(wanted))


def _wanted(username: str = "", password: str = "", name: str = "", bureau: str = "") -> Administrator:
    given = settings()
    account = (username or given.admin_username).strip()
    return Administrator(
        username=account,
        password=password or given.admin_password,
        name=name or given.admin_name or account,
        bureau=bureau or given.admin_bureau,
    )


def _make(wanted: Administrator) -> str:
    taken = select(User.id).where(func.lower(User.username) == wanted.username.lower())
    there = f"账号 {wanted.username} 已存在，未作改动。"
    if db().scalar(taken) is not None:
        return there
    known = (wanted.username, settings().initial_password)
    weak = weakness(wanted.password, is_staff=True, known=known)
    if weak is not None:
        raise click.ClickException(str(weak))
    try:
        accounts.add_staff(
            db(),
            SYSTEM_ACTOR,
            username=wanted.username,
            name=wanted.name,
            bureau_code=wanted.bureau or _root_bureau(),
            roles=[Role.ADMINISTRATOR],
            password_hash=hash_password(wanted.password, settings().password_hash),
            must_change_password=False,
            now=now(),
        )
    except (Invalid, Refused) as refusal:
        db().rollback()
        if db().scalar(taken) is not None:  # another process has just made it
            return there
        raise click.ClickException(str(refusal)) from None
    return f"已建立系统管理员 {wanted.username}。"


def _root_bureau() -> str:
    code = db().scalar(select(Bureau.code).where(Bureau.parent_id.is_(None)).order_by(Bureau.sort, Bureau.id))
    if code is None:
        raise click.ClickException("还没有主管部门，请先执行 yht init。")
    return code


@contextmanager
def _alone() -> Iterator[None]:
    """Two processes that start at once come one after the other."""
    if database.engine.dialect.name != "postgresql":
        with sqlite_file.alone_with(sqlite_file.path_of(database.engine.url)):
            yield
        return
    with database.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ONE_AT_A_TIME})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ONE_AT_A_TIME})
