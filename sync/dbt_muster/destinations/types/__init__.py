"""The types of destination that come with muster: a file each, with the name that `type:` says."""
