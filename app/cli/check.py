"""`yht check`: is this installation fit to serve? One line per finding, a non-zero status when it is not."""

import sys
from collections.abc import Iterator

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.domain.terms import Role as RoleName
from app.migrations.run import is_current
from app.security import selfcheck
from app.security.here import db
from app.security.roles import pending_changes
from models import sqlite_file
from models.user import User


@click.command("check")
@with_appcontext
def check() -> None:
    """Look at the application, the database, the rights and the first administrator."""
    found = list(_findings())
    for finding in found:
        click.echo(finding)
    if found:
        sys.exit(1)
    click.echo("检查通过。")


def _findings() -> Iterator[str]:
    try:
        selfcheck.check(current_app)
    except selfcheck.Unsafe as unsafe:
        yield f"程序自检不通过：{unsafe}"
    if not current_app.extensions["yht"].counters.storage.check():
        yield "限次计数无法读写，请检查 YHT_RATELIMIT_URL。"
    try:
        yield from _database()
    except SQLAlchemyError as error:
        yield f"数据库无法使用：{type(error).__name__}。"


def _database() -> Iterator[str]:
    session = db()
    if not sqlite_file.is_durable(session.connection()):
        yield "数据库文件不是 WAL 模式，请停止服务后执行 yht init。"
    if not is_current(session.connection()):
        yield "数据库结构不是本版本的，请执行 yht init。"
        return
    if pending_changes(session, current_app.extensions["appbuilder"]):
        yield "角色权限与本版本不一致，请执行 yht init。"
    administrators = select(User.id).where(User.active, User.roles.any(name=RoleName.ADMINISTRATOR.value))
    if session.scalars(administrators.limit(1)).first() is None:
        yield "还没有系统管理员，请执行 yht create-admin。"
