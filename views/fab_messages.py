"""Sentences of Flask-AppBuilder that its own Chinese catalogue lacks, named so that ours keeps them."""

from app.domain.terms import N_

MISSING_IN_FAB = (
    N_("Add"),
    N_("Add Group"),
    N_("Are you sure you want to delete this item?"),
    N_("Contains (insensitive)"),
    N_("Database Error"),
    N_("Delete"),
    N_("Edit"),
    N_("Edit Group"),
    N_("Edit User Information"),
    N_("Either select a role or a group"),
    N_("Groups"),
    N_("In"),
    N_("It's not a good policy to remove a user, just make it inactive"),
    N_("List Groups"),
    N_(
        "Must have at least two capital letters, one special character, two digits, three lower case letters "
        "and a minimal length of 10."
    ),
    N_("Not In"),
    N_("Not a valid choice"),
    N_("Show"),
    N_("Show Group"),
    N_("Sign In with "),
    N_("Start with"),
    N_("The user's password for authentication"),
    N_("User information changed"),
    N_("User(s) exists in the group, cannot delete"),
    N_("User(s) exists in the role, cannot delete"),
)
