"""What is limited in how often somebody may try it, each with its words for the audit trail."""

from collections.abc import Mapping
from enum import StrEnum

from app.domain.terms import N_


class Tries(StrEnum):
    """One limit."""

    SIGN_IN_ACCOUNT = "sign_in_account"
    SIGN_IN_ADDRESS = "sign_in_address"
    SIGN_IN_SPRAY = "sign_in_spray"
    PASSWORD = "password"  # noqa: S105 - what is counted, not a password
    TEXT_ADDRESS = "text_address"
    TEXT_MOBILE = "text_mobile"
    TEXT_ALL = "text_all"
    REGISTER = "register"
    LOOKUP = "lookup"
    VERIFY = "verify"
    API_KEY = "api_key"
    API_REQUESTS = "api_requests"
    OTHER = "other"


WORDS: Mapping[Tries, str] = {
    Tries.SIGN_IN_ACCOUNT: N_("登录次数超限（同一账号）"),
    Tries.SIGN_IN_ADDRESS: N_("登录次数超限（同一网络地址）"),
    Tries.SIGN_IN_SPRAY: N_("用同一密码试多个账号"),
    Tries.PASSWORD: N_("修改密码次数超限"),
    Tries.TEXT_ADDRESS: N_("短信次数超限（同一网络地址）"),
    Tries.TEXT_MOBILE: N_("短信次数超限（同一手机）"),
    Tries.TEXT_ALL: N_("短信次数超限（全部）"),
    Tries.REGISTER: N_("注册次数超限"),
    Tries.LOOKUP: N_("登记查询次数超限"),
    Tries.VERIFY: N_("文书查验次数超限"),
    Tries.API_KEY: N_("接口密钥错误次数超限"),
    Tries.API_REQUESTS: N_("接口请求次数超限"),
    Tries.OTHER: N_("请求次数超限"),
}
