"""Who is asking, what they may open, and what is refused before any page is reached."""
