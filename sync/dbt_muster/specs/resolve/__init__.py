"""From checked shapes to meaning: names are looked up, types are fitted, points in time are parsed."""
