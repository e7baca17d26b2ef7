"""Inputs of a staff account, as an administrator keeps it."""

from app.domain.fields.field import ALWAYS, Field, FieldKind, Table
from app.domain.matters import KINDS, Matter
from app.domain.terms import N_, TERMS, Role

K = FieldKind  # keeps a field on one line
STAFF_ROLES = tuple((role.value, TERMS[role]) for role in Role if role is not Role.APPLICANT)

MATTERS = tuple((str(matter), KINDS[matter].word) for matter in Matter)

STAFF = Table(
    "staff",
    at_once=True,
    fields=(
        Field(
            "username", N_("账号"), K.SERIAL, "", "half", ALWAYS, max_length=40, min_length=3,
            pattern=r"[a-z][a-z0-9]*([._-][a-z0-9]+)*",
            when_wrong=N_("账号用小写字母和数字，可用点、短横、下划线分隔，以字母开头。"),
            help=N_("登录用，保存后不能改"), example="reviewer.jiangyin",
        ),
        Field("display_name", N_("姓名"), K.NAME, "", "half", ALWAYS, max_length=64, min_length=2),
        Field("bureau_id", N_("部门"), K.BUREAU, "", "wide", ALWAYS),
        Field(
            "roles", N_("角色"), K.CHOICES, "", "wide", ALWAYS, choices=STAFF_ROLES,
            help=N_("可以兼任；系统管理员与审计员不能是同一个人"),
        ),
        Field(
            "matters", N_("经办的事项"), K.CHOICES, "", "wide", choices=MATTERS,
            help=N_("事项经办选择；只登记所选的事项"),
        ),
        Field(
            "organization_code", N_("关联单位的组织机构代码"), K.ORG_CODE, "", "half", max_length=10,
            help=N_("本人与建设单位有关联的填写，该单位的件由别人审核"), example="PDY00012-4",
        ),
        Field("active", N_("账号可以登录"), K.BOOLEAN, "", "half", help=N_("不再任职的取消，账号和记录都保留")),
    ),
)  # fmt: skip
