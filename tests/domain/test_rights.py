"""The matrix in words: nothing of it is left a code, and what only the root does stands apart."""

import pytest

from app.domain.permissions import PERMISSIONS, READING, ROOT_ONLY
from app.domain.rights import RESOURCES, VERBS, lines_of
from app.domain.terms import Role


def test_every_resource_and_verb_of_the_matrix_has_a_word() -> None:
    resources = {resource for held in PERMISSIONS.values() for resource in held}
    verbs = {verb for held in PERMISSIONS.values() for some in held.values() for verb in some}

    assert resources <= set(RESOURCES)
    assert verbs <= set(VERBS)


@pytest.mark.parametrize("role", Role)
def test_a_role_is_shown_whole(role: Role) -> None:
    shown = {line.resource: {*line.everywhere, *line.at_the_root} for line in lines_of(role)}

    assert shown == {name: {VERBS[verb] for verb in verbs} for name, verbs in PERMISSIONS[role].items()}


def test_only_the_root_bureau_changes_what_all_bureaus_work_by() -> None:
    for line in lines_of(Role.ADMINISTRATOR):
        bound = PERMISSIONS[Role.ADMINISTRATOR][line.resource] - READING if line.resource in ROOT_ONLY else set()
        assert set(line.at_the_root) == {VERBS[verb] for verb in bound}
