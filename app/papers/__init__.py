"""Papers that people hold in their hands, made from records. Nothing here decides anything."""
