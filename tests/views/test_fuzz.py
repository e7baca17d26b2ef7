"""Nonsense in addresses: answered without a fault, and never with a row of somebody else."""

import base64
import json
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.views.listed import PATHS
from tests.views.staging import SECRET_WORD
from tests.views.world import World

LISTS = {
    **{path: view.__name__ for path, view in PATHS.items()},
    "/numbers/inspection": "NumberView",
    "/inbox/": "InboxView",
    "/worklist/": "WorklistView",
    "/counter/": "CounterView",
    "/lookup/": "LookupView",
    "/reports/": "ReportView",
}
COLUMNS = (
    "name", "number", "status", "organization", "organization.name", "organization_id", "created_by.password", "id",
    "contact_mobile", "contact_mobile_index", "submitted_at", "due_on", "agent_name", "agent_id_number", "__class__",
    "", "project.name", "name; DROP TABLE project", "org_code", "decided_by.display_name", "version",
    "username", "password", "roles", "bureau_id", "kind", "is_active", "day", "is_working_day", "valid_from",
    *sorted({column for view in PATHS.values() for column in (*(view.order_columns or ()), *(view.search_columns or ()))}),
)  # fmt: skip
FILTERS = sorted({each.name for view in PATHS.values() for each in view.filter_bar})
LIMITS = settings(
    max_examples=40, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip

numbers = st.one_of(
    st.integers(), st.sampled_from(["abc", "", "-0", "1e9", "0x10", "٣", "²", "NaN", "1 ", "+1", "2147483648"])
)
texts = st.one_of(
    st.text(max_size=30), st.sampled_from(["%", "\\", "'", "\x00", "a" * 300, "乙", "2016-02-30", "1" * 40])
)
columns = st.sampled_from(COLUMNS)
values = st.none() | st.booleans() | st.integers() | st.floats() | texts | st.lists(st.integers(), max_size=2)
tokens = st.one_of(
    texts,
    st.just("end"),
    st.tuples(columns, st.integers(0, 1), values, st.integers(0, 2**33)).map(
        lambda parts: base64.urlsafe_b64encode(json.dumps(parts).encode()).rstrip(b"=").decode()
    ),
)


@st.composite
def questions(draw: st.DrawFn, view: str) -> list[tuple[str, str]]:
    """A handful of parameters, ours and others', for the list of a view."""
    name = st.sampled_from([view, "Other", ""])
    one = st.one_of(
        st.tuples(name.map("page_{}".format), numbers.map(str)),
        st.tuples(name.map("psize_{}".format), numbers.map(str)),
        st.tuples(name.map("after_{}".format), tokens),
        st.tuples(name.map("before_{}".format), tokens),
        st.tuples(st.sampled_from(FILTERS), texts),
        st.tuples(name.map("_oc_{}".format), columns),
        st.tuples(name.map("_od_{}".format), st.sampled_from(["asc", "desc", "sideways", ""])),
        st.tuples(st.tuples(st.integers(-1, 12), columns).map(lambda p: f"_flt_{p[0]}_{p[1]}"), texts),
        st.tuples(
            st.sampled_from(
                ["q", "status", "holder", "kind", "before", "unread", "number", "_l_", "next", "month", "bureau"]
            ),
            texts,
        ),
        st.tuples(
            st.sampled_from(["from", "to", "region", "origin", "event", "who", "key", "result", "action", "state"]),
            texts,
        ),
    )
    return draw(st.lists(one, max_size=6))


def ask(world: World, who: str, path: str, asked: list[tuple[str, str]]) -> tuple[int, str]:
    query = urlencode([(name.encode("utf-8", "replace"), text.encode("utf-8", "replace")) for name, text in asked])
    answer = world.get(who, f"{path}?{query}")
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_answers_any_address_with_rows_in_reach_only(world: World, path: str) -> None:
    foreign = {"owner": SECRET_WORD, "elsewhere": "方项目", "anonymous": "方项目", "hats": "没有这样的字"}
    foreign["auditor"] = "没有这样的字"  # whose trail is everybody's
    before = world.business()

    @LIMITS
    @given(asked=questions(LISTS[path]), who=st.sampled_from(sorted(foreign)))
    def holds(asked: list[tuple[str, str]], who: str) -> None:
        code, page = ask(world, who, path, asked)

        assert code in {200, 302, 400, 403, 404, 422}, (who, asked)
        assert foreign[who] not in page, (who, asked)

    holds()
    assert world.business() == before


KEYS = st.one_of(
    st.integers(max_value=0),
    st.integers(min_value=10_000),
    st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1, max_size=12).filter(
        lambda text: text not in {".", ".."} and not (text.isascii() and text.isdigit())
    ),
    st.sampled_from(["1.0", "1%20", "²", "１", "0x1", "1e1", "None", "true", "1;2", "1\n", "%00", "9" * 400]),
)
BY_KEY = {
    "owner": ["/projects/show/{}", "/projects/edit/{}", "/enterprises/show/{}", "/enterprises/edit/{}",
              "/attachments/{}", "/attachments/{}/pages/1", "/reviews/show/{}"],
    "hats": ["/organizations/show/{}", "/mandates/show/{}", "/projects/approve/{}", "/projects/return/{}",
             "/projects/unlock/{}", "/projects/void/{}", "/projects/transfer/{}", "/enterprises/approve/{}",
             "/counter/{}"],
}  # fmt: skip


@pytest.mark.parametrize(("who", "path"), [(who, path) for who, paths in BY_KEY.items() for path in paths])
def test_a_key_that_no_row_can_have_is_not_found(world: World, who: str, path: str) -> None:
    @settings(LIMITS, max_examples=15)
    @given(key=KEYS)
    def holds(key: object) -> None:
        answer = world.get(who, path.format(quote(str(key), safe="")))

        assert answer.status_code == 404, key

    holds()


FIELDS = (
    "name", "category_code", "use_code", "region_code", "approval_kind", "approved_on", "investment_10k_cny",
    "is_major", "planned_finish_on", "contact_mobile", "longitude", "remarks", "version", "items-0-answer",
    "items-0-id", "status",
)  # fmt: skip


def test_a_form_answers_any_text_in_its_inputs(world: World) -> None:
    key = world.own.projects["draft"]

    @settings(LIMITS, max_examples=60)
    @given(form=st.dictionaries(st.sampled_from(FIELDS), texts, max_size=6), add=st.booleans())
    def holds(form: dict[str, str], add: bool) -> None:
        version = {} if add else {"version": str(_version(world, key))}
        sent = {name: text.encode("utf-8", "replace").decode() for name, text in form.items()}

        answer = world.post("owner", "/projects/add" if add else f"/projects/edit/{key}", {**version, **sent})

        assert answer.status_code in {302, 409, 422}, form

    holds()


def test_a_decision_answers_any_text_in_its_inputs(world: World) -> None:
    key = world.own.projects["ready"]
    names = st.sampled_from(["items-0-target", "items-0-reason_code", "items-0-instruction", "items-49-target",
                             "comment", "version", "submission_id", "bureau_id", "reason", "fields",
                             "until"])  # fmt: skip
    steps = st.sampled_from(["return", "transfer", "unlock", "void", "approve"])

    @settings(LIMITS, max_examples=60)
    @given(form=st.dictionaries(names, texts, min_size=1, max_size=6), step=steps)
    def holds(form: dict[str, str], step: str) -> None:
        sent = {name: text.encode("utf-8", "replace").decode() for name, text in form.items()}

        answer = world.post("hats", f"/projects/{step}/{key}", {**sent, "version": "999"})

        assert answer.status_code in {409, 422}, (step, form)

    holds()
    assert _status(world, key) == "submitted"


def _version(world: World, key: int) -> int:
    from models.project import Project

    return int(world.row(Project, key)["version"])


def _status(world: World, key: int) -> str:
    from models.project import Project

    return str(world.row(Project, key)["status"])
