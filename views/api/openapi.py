"""The OpenAPI document of /api/v1/, derived from the tables of the domain: fields, matters, scopes, news."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from app.domain.api import EVENTS, KEPT_BACK, SCOPE_WORDS, KeyScope, told_of_project
from app.domain.fields.matter import RECORDS
from app.domain.fields.typed import property_of, schema_of, type_of
from app.domain.free_text import REASON
from app.domain.matters import KINDS, NEEDS_WORDS, Matter, MatterAction, MatterStatus
from app.domain.pushes import STANDINGS
from app.domain.terms import Status
from app.services.changes import MOST
from views.api.examples import CHANGES, MATTER, NUMBER, PROJECT, record_of

Json = dict[str, Any]
KEY = "key"
STATES = ("issued", *(str(status) for status in Status if status not in (Status.DRAFT, Status.APPROVED)))
INTRODUCTION = """一号通的接口：按项目统一编号读取项目，回写七个事项，按游标读取变更，公开查询编号。

- 密钥由主管部门的系统管理员发给，有范围和期限；放在 Authorization 头中：Bearer 加空格加密钥。
- 只能接触密钥所属部门及下级的项目；别处的编号与没有的编号一样回答 404。
- 同样的回写重复发送没有害处：第二次 changed 为 false。
- 错误按 RFC 9457 回答（application/problem+json）；errors 列出有问题的字段。
- 金额单位万元，面积单位平方米，都写成文字；日期写成 YYYY-MM-DD；时间带东八区偏移。"""

STEPS_WITHOUT_RECORD = (MatterAction.ACCEPT, *sorted(NEEDS_WORDS))
# Generated clients make modules of these: ASCII, so that no two fall into one.
TAG_OF: Mapping[KeyScope, str] = {
    KeyScope.READ_PROJECTS: "projects", KeyScope.WRITE_MATTERS: "matters", KeyScope.READ_CHANGES: "changes",
}  # fmt: skip
TAGS: Mapping[str, str] = {
    **{tag: SCOPE_WORDS[scope] for scope, tag in TAG_OF.items()}, "lookup": "登记查询（公开，不要密钥）",
}  # fmt: skip
PROBLEMS: Mapping[int, str] = {
    400: "地址或正文读不懂",
    401: "没有密钥，或密钥无效、到期、停用",
    403: "密钥没有这个范围，或不经办这个事项",
    404: "没有这个编号，或不在范围内",
    409: "现在不能办这一步，或同时被别人改动",
    410: "cursor 超出现有变更，请从头重新读取",
    413: "正文过大",
    415: "正文不是 application/json",
    422: "字段不符合要求，没有保存",
    429: "请求太多，请按 Retry-After 等待",
    500: "系统出错",
    503: "系统暂时无法办理，请按 Retry-After 再试",
}
READING = (400, 401, 403, 404, 429, 500, 503)
WRITING = (400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503)


@cache
def document() -> Json:
    """The whole document, made once."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "一号通接口", "version": "1", "description": INTRODUCTION},
        "servers": [{"url": "/api/v1"}],
        "tags": [{"name": name, "description": told} for name, told in TAGS.items()],
        "paths": {
            "/projects/{number}": {"parameters": [_number()], "get": _read_project()},
            **{f"/projects/{{number}}/matters/{matter}": _matter(matter) for matter in Matter},
            "/changes": {"get": _changes()},
            "/lookup/{number}": {"parameters": [_number()], "get": _lookup()},
        },
        "components": {
            "securitySchemes": {
                KEY: {"type": "http", "scheme": "bearer", "description": "接口密钥，如 yht_0123abcd_…"}
            },
            "schemas": {
                "Project": _project(), "Matter": _matter_schema(), "Changes": _changes_schema(),
                "Found": _found(), "Problem": _problem(), **_bodies(),
            },
        },
    }  # fmt: skip


# Paths ------------------------------------------------------------------------------------------------


def _number() -> Json:
    return {
        "name": "number", "in": "path", "required": True, "example": NUMBER,
        "description": "项目统一编号；启用本系统以前的编号照原样写",
        "schema": {"type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[0-9A-Za-z-]+$"},
    }  # fmt: skip


def _read_project() -> Json:
    told = "最近一次审核通过的内容；正在修改的内容不给出。"
    return {
        "operationId": "readProject", "summary": "读取项目", "description": told, **_secured(KeyScope.READ_PROJECTS),
        "responses": {"200": _json("项目", "Project", PROJECT), **_problems(*READING)},
    }  # fmt: skip


def _matter(matter: Matter) -> Json:
    name = _class_of(matter)
    word = KINDS[matter].word
    example = {**MATTER, "matter": str(matter)}
    return {
        "parameters": [_number()],
        "get": {
            "operationId": f"read{name}", "summary": f"读取{word}", **_secured(KeyScope.READ_PROJECTS),
            "responses": {"200": _json(word, "Matter", example), **_problems(*READING)},
        },
        "put": {
            "operationId": f"write{name}", "summary": f"回写{word}", **_secured(KeyScope.WRITE_MATTERS),
            "requestBody": {"required": True, "content": {"application/json": _asked(matter)}},
            "responses": {"200": _json(word, "Matter", {**example, "changed": True}), **_problems(*WRITING)},
        },
    }  # fmt: skip


def _class_of(name: str) -> str:
    """The name as generated clients call a class."""
    return "".join(part.capitalize() for part in name.split("_"))


def _bodies() -> Json:
    """Each body that a system may send, by the name that generated clients give it."""
    steps = {f"{_class_of(action)}Step": _step(action) for action in STEPS_WITHOUT_RECORD}
    records = {f"{_class_of(matter)}Record": schema_of(table) for matter, table in RECORDS.items()}
    ends = {
        f"{_class_of(matter)}RecordStep": _closed(
            {"step": _one_of([MatterAction.RECORD]), "record": _named(f"{_class_of(matter)}Record")}
        )
        for matter in RECORDS
    }
    return {**steps, **records, **ends}


def _named(schema: str) -> Json:
    return {"$ref": f"#/components/schemas/{schema}"}


def _asked(matter: Matter) -> Json:
    """What is sent: a step with the words it needs, or the record that ends the matter; `step` says which."""
    by_step = {str(action): _named(f"{_class_of(action)}Step") for action in STEPS_WITHOUT_RECORD}
    by_step[str(MatterAction.RECORD)] = _named(f"{_class_of(matter)}RecordStep")
    mapping = {step: named["$ref"] for step, named in by_step.items()}
    examples = {
        "accept": {"summary": "受理", "value": {"step": "accept"}},
        "supplement": {"summary": "要求补正", "value": {"step": "supplement", "words": "请补交加盖公章的合同原件。"}},
        "record": {"summary": "登记办理结果", "value": {"step": "record", "record": record_of(matter)}},
    }
    told = {"propertyName": "step", "mapping": mapping}
    return {"schema": {"oneOf": list(by_step.values()), "discriminator": told}, "examples": examples}


def _step(action: MatterAction) -> Json:
    properties: Json = {"step": _one_of([action])}
    if action in NEEDS_WORDS:
        properties["words"] = {"type": "string", "minLength": 1, "maxLength": REASON.max_length}
    return _closed(properties)


def _changes() -> Json:
    since = {
        "name": "since", "in": "query", "required": False, "description": "上一次回答中的 cursor；不写从头开始",
        "schema": {"type": "string", "pattern": "^(0|[1-9][0-9]{0,17})$"}, "example": "0",
    }  # fmt: skip
    told = f"一次至多 {MOST} 条，按提交的先后；has_more 为真时接着读。改动在几秒内出现。"
    return {
        "operationId": "readChanges", "summary": "读取变更", "description": told, **_secured(KeyScope.READ_CHANGES),
        "parameters": [since],
        "responses": {"200": _json("变更", "Changes", CHANGES), **_problems(400, 401, 403, 410, 429, 500, 503)},
    }  # fmt: skip


def _lookup() -> Json:
    example = {
        "number": NUMBER, "project_name": PROJECT["fields"]["name"], "builder": PROJECT["builder"]["name"],
        "status": "issued", "status_word": "已发号", "issued_on": "2026-11-23",
    }  # fmt: skip
    return {
        "operationId": "lookup", "summary": "登记查询（公开，不要密钥）", "security": [], "tags": ["lookup"],
        "responses": {"200": _json("编号", "Found", example), **_problems(404, 429, 500, 503)},
    }  # fmt: skip


def _secured(scope: KeyScope) -> Json:
    """With the scope that the key needs; an HTTP scheme may name it in OpenAPI 3.1."""
    return {"security": [{KEY: [str(scope)]}], "tags": [TAG_OF[scope]]}


# Answers ----------------------------------------------------------------------------------------------


def _json(description: str, schema: str, example: Any) -> Json:
    content = {"schema": _named(schema), "example": example}
    return {"description": description, "content": {"application/json": content}}


def _problems(*codes: int) -> Json:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {str(code): {"description": PROBLEMS[code], "content": content} for code in codes}


def _closed(properties: Json, *optional: str) -> Json:
    """An object with these members and no other, all there but the optional ones."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _text(*, null: bool = False, **limits: Any) -> Json:
    return {"type": ["string", "null"] if null else "string", **limits}


def _instant() -> Json:
    return _text(format="date-time")


def _one_of(values: Any) -> Json:
    return {"type": "string", "enum": [str(value) for value in values]}


def _project() -> Json:
    fields = {field.name: {**property_of(field), "type": [type_of(field), "null"]} for field in told_of_project()}
    for described in fields.values():
        described.pop("minLength", None)
    matter = _closed({"matter": _one_of(Matter), "status": _one_of(MatterStatus), "changed_at": _instant()})
    told = "不给出：" + "、".join(sorted(KEPT_BACK))
    return _closed(
        {
            "number": _text(), "status": _one_of(STATES), "issued_on": _text(null=True, format="date"),
            "version": {"type": ["integer", "null"], "description": "审核通过的是第几次提交"},
            "builder": _closed({"name": _text(), "org_code": _text(), "uscc": _text(null=True)}),
            "province": {"type": ["string", "null"], "enum": [*sorted(set(STANDINGS.values())), None]},
            "fields": {**_closed(fields), "description": told},
            "matters": {"type": "array", "items": matter},
        }
    )  # fmt: skip


def _matter_schema() -> Json:
    record = _closed(
        {
            "number": _text(null=True), "inner_number": _text(), "recorded_at": _instant(),
            "changed_at": _instant(), "record": {"type": "object"},
        }
    )  # fmt: skip
    return _closed(
        {
            "number": _text(), "matter": _one_of(Matter), "status": _one_of(MatterStatus), "words": _text(null=True),
            "changed_at": _instant(), "version": {"type": "integer"},
            "records": {"type": ["array", "null"], "items": record, "description": "只给经办这个事项的密钥"},
            "changed": {"type": "boolean", "description": "这次回写是否有改动"},
        },
        "changed",
    )  # fmt: skip


def _changes_schema() -> Json:
    change = _closed(
        {
            "cursor": _text(), "at": _instant(), "event": _one_of(EVENTS), "number": _text(),
            "matter": {"type": ["string", "null"], "enum": [*(str(matter) for matter in Matter), None]},
        }
    )  # fmt: skip
    return _closed({"changes": {"type": "array", "items": change}, "cursor": _text(), "has_more": {"type": "boolean"}})


def _found() -> Json:
    return _closed(
        {
            "number": _text(), "project_name": _text(null=True), "builder": _text(null=True),
            "status": _one_of(STATES), "status_word": _text(), "issued_on": _text(null=True, format="date"),
        }
    )  # fmt: skip


def _problem() -> Json:
    error = _closed({"field": _text(), "detail": _text()})
    properties = {
        "type": _text(), "title": _text(), "status": {"type": "integer"}, "request_id": _text(null=True),
        "detail": _text(description="一句话"), "code": _text(description="所依据的规则"),
        "errors": {"type": "array", "items": error},
    }  # fmt: skip
    return {"type": "object", "required": ["type", "title", "status"], "properties": properties}
