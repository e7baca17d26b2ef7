"""一号通: the bureau's console. Importing it loads nothing, so that the rules stay free of Flask."""
