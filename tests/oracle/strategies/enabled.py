DISABLED = {
    "most_frequent",
    "first_time",
    "periods",
    "days_since_first",
    "days_since_last",
    "unique_list",
    "rate",
    "share",
    "where_operands",
    "sequence",
    "place",
    "aliases",
    "through",
    "sql",
    "expression",
    "standing",
    "groups",
}


def enabled(options):
    return [one for one in options if one not in DISABLED]
