"""The records and the filters of the differential test: everything about `where` that could be misread.

records() is one collection of mixed-type metadata; hand_made() are the known oddities, refused()
what should be refused, generated(seed, count) random trees over the same keys and values.
"""
import random

BIG = 2 ** 53
INTS = [-5, -4, 0, 1, 2, 4, 5, 6, 10, BIG, BIG + 1, 2 ** 63 - 1, -2 ** 63]
FLOATS = [-4.5, -4.0, -0.0, 0.0, 0.5, 1.0, 3.999, 4.0, 4.5, 5.0, 5.5, float(BIG), 1e18, 2.0 ** 63, -2.0 ** 63, 1e300, 5e-324,
          0.1 + 0.2]
WORDS = ["", " ", "4", "4.5", "true", "a", "A", "b", "ab", "é", "e\u0301", "日本", "a'b", 'a"b', "a%b", "a_b", "null", "🙂", "line\nbreak",
         "nul\0here"]
LISTS = [[4, 5], [4], [BIG + 1, -1], [4.0, 4.5], [0.1], ["a", "4"], ["", "é"], ["日本", "a'b"], [True], [False, True], [1, 0]]
KEYS = ["v", "n", "f", "s", "b", "t", "with space", "日本", "a.b", "a'b", 'a"b', "UP", "up"]
TEXTS = [None, "", " ", "a", "ab", "abc", "ABC", "aBc", "abcabc", "100% sure", "100x sure", "under_score", "underXscore", "UNDER_SCORE",
         "日", "日本", "日本語の文書です", "中文文件", "한국어 문서", "مذكرة قانونية", "Straße", "STRASSE", "strasse", "caf\u00e9", "cafe\u0301", "CAFÉ",
         "line1\nline2", "line1\r\nline2", "tab\tstop", "nul\0inside", "quote \" and ' and \\ back", "C:\\temp\\%TEMP%",
         "[brackets] * ? ^ $ . | ( ) { }", "🙂🙃 emoji 👩‍👩‍👧", "x" * 3000 + "needle", "The judge ORDERED costs", "the judge ordered Costs",
         "e-mail: a.b@example.org", "phone 020 7946 0018", "2024-02-29", "-1", "  lead and trail  ", "a\u00a0b", "İstanbul ı", "ﬁne",
         "word\u200bjoin", "AND OR NOT NEAR", "\"phrase\"", "null", "%", "_", "\\"]
PATTERNS = ["a", "abc", "(?i)abc", "^abc$", "^line2", "(?m)^line2$", "a.c", "line1.line2", "(?s)line1.line2", "\\d+", "\\bjudge\\b",
            "[A-Z]{3}", "日本", "日.語", "^.$", "^..$", "\\p{Han}+", "\\p{L}", "stra(ß|ss)e", "(?i)STRASSE", "^$", "", ".*", "\\s$", "x{50}needle",
            "\\\\", "%", "_", "\\$", "[[:alpha:]]+@", "(?i)café", "\\w+@\\w+\\.org", "^\\S+$", "a|b", "(?P<y>\\d{4})-\\d\\d", "\\x41", "\\u{65e5}",
            "needle$", "(?i)i", "\\D", "[^a]", "ab+c?", "(ab|c)+$", "\\z", "\\Aabc", "(?x) a b c", "\\pL{3}", "[\\w--a]", "[a-z&&[^b]]+"]
BAD_PATTERNS = ["(", "[a", "*a", "(?=a)", "(?<=a)b", "(a)\\1", "\\", "a{2,1}", "(?z)", "\\xff", "(?-u)\\xff", "a{100000}", "\\C", "\\Qa\\E", "(?>a)",
                "a++", "\\p{Nonsense}", "[z-a]"]
SEARCHES = ["a", "ab", "abc", "ABC", "%", "_", "100%", "r_s", "日", "日本", "本語の", "語", "문서", "قانون", "ß", "ss", "é", "e\u0301", "\n", "1\nline",
            "\r", "\t", "\0", "l\0i", "\"", "'", "\\", "\\t", "*", ".", "[b", "🙂", "👩", "\u200d", "needle", "xneedle", "judge", "Judge", "ORDERED",
            " ", "  ", "", "AND", "OR", "NEAR", "\"phrase\"", "null", "ı", "İ", "fi", "ﬁ", "\u00a0", "\u200b", "x" * 200, "not there at all"]


def records():
    """180 records: every value of `v` once or more, the other keys on some, documents in turn."""
    rng = random.Random(5)
    values = INTS + FLOATS + WORDS + [True, False] + LISTS
    values += [None] * 6 + [rng.choice(values) for _ in range(180 - len(values) - 6)]
    for number, value in enumerate(values):
        meta = {} if value is None else {"v": value}
        for key, pool in (("n", INTS), ("f", FLOATS), ("s", WORDS), ("b", [True, False]), ("t", LISTS[5:8]), ("with space", INTS),
                          ("日本", WORDS), ("a.b", FLOATS), ("a'b", WORDS), ('a"b', INTS), ("UP", WORDS), ("up", WORDS)):
            if rng.random() < (0.6 if key in "nfsbt" else 0.12):
                meta[key] = rng.choice(pool)
        yield {"id": f"r{number:03d}", "metadata": meta or None, "document": TEXTS[number % len(TEXTS)],
               "embedding": [float(number % 17), float(number % 11) + 0.5]}


def w(where):
    return {"where": where}


def d(where_document):
    return {"where_document": where_document}


def hand_made():
    some = [4, 4.0, 4.5, 3.5, -4.5, -4.0, 0, 0.0, -0.0, 0.5, BIG, BIG + 1, float(BIG), 2 ** 63 - 1, -2 ** 63, 2.0 ** 63, 1e18, 1e19, 1e300,
            "4", "", "é", "e\u0301", "日本", "a'b", 'a"b', "nul\0here", True, False]
    for value in some:
        yield from (w({"v": {op: value}}) for op in ("$eq", "$ne"))
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            yield from (w({"v": {op: value}}) for op in ("$gt", "$gte", "$lt", "$lte"))
        yield w({"v": {"$in": [value]}})
        yield w({"v": {"$nin": [value]}})
    for value in [4, 5, 4.0, 4.5, 0.1, "a", "4", "", "é", "日本", True, False, BIG + 1, 1, 0]:
        yield from (w({key: {op: value}}) for key in ("v", "t") for op in ("$contains", "$not_contains"))
    yield from (w({"absent": {op: 1}}) for op in ("$eq", "$ne", "$gt", "$lte"))
    yield from (w({"absent": {op: [1]}}) for op in ("$in", "$nin"))
    yield from (w({"v": {op: values}}) for op in ("$in", "$nin") for values in
                ([4, 5], [4.5, 5.5], ["4", "a"], [True], [True, False], ["", "日本"], [4, 4], [BIG, BIG + 1], [float(BIG)], list(range(300))))
    yield from (w({key: value}) for key, value in (("with space", 4), ("日本", "a"), ("a.b", 4.5), ("a'b", "a'b"), ('a"b', 5), ("UP", "a"),
                                                   ("up", "a"), ("chroma:document", "abc"), ("chroma:uri", "x"), ("V", 4)))
    yield from (w({"chroma:document": {op: "abc"}}) for op in ("$ne", "$in", "$contains") if op != "$in")
    yield from (d({"$contains": text}) for text in SEARCHES)
    yield from (d({"$not_contains": text}) for text in SEARCHES[::3])
    yield from (d({"$regex": text}) for text in PATTERNS)
    yield from (d({"$not_regex": text}) for text in PATTERNS[::3])
    yield from combinations_made()


def combinations_made():
    x, y = {"v": {"$gte": 4.5}}, {"n": {"$lt": 5}}
    p, q = {"$contains": "ab"}, {"$not_contains": "b"}
    yield from (w(tree) for tree in ({"$and": [x, y]}, {"$or": [x, y]}, {"$and": [x]}, {"$or": [y]}, {"$and": []}, {"$or": []},
                                     {"$and": [{"$or": [x, y]}, {"s": {"$ne": "a"}}]}, {"$or": [{"$and": [x, y]}, {"b": True}]},
                                     {"$and": [{"$and": [{"$and": [x]}]}]}, {"#document": {"$contains": "abc"}},
                                     {"$and": [x, {"#document": {"$not_contains": "a"}}]}, {"#document": {"$regex": "^a"}},
                                     {"$or": [{"v": 4}, {"v": "4"}, {"v": True}, {"v": 4.5}]}, {"$and": [{"v": {"$ne": 4}}, {"v": {"$ne": "a"}}]}))
    yield from (d(tree) for tree in ({"$and": [p, q]}, {"$or": [p, q]}, {"$and": []}, {"$or": []}, {"$and": [p]},
                                     {"$or": [{"$and": [p, {"$regex": "c$"}]}, {"$contains": "日"}]}, {"$and": [{"$not_regex": "a"}, q]}))
    yield {**w(x), **d(p)}
    yield {**w({"b": {"$ne": True}}), **d({"$not_contains": "a"})}
    yield {**w({}), **d({})}
    yield {**w({"v": 4}), **d({})}


def refused():
    bad = [{"v": 4, "n": 5}, {"v": None}, {"v": {}}, {"v": {"$gt": 1, "$lt": 5}}, {"v": {"$like": "a"}}, {"v": {"$gt": "a"}}, {"v": {"$gte": True}},
           {"v": {"$lt": None}}, {"v": {"$eq": None}}, {"v": {"$eq": [4]}}, {"v": [4]}, {"v": {"$in": []}}, {"v": {"$nin": []}}, {"v": {"$in": 4}},
           {"v": {"$in": [4, "a"]}}, {"v": {"$in": [4, 4.5]}}, {"v": {"$in": [True, 1]}}, {"v": {"$in": [None]}}, {"v": {"$in": [[4]]}},
           {"v": {"$contains": [4]}}, {"v": {"$contains": None}}, {"v": {"$contains": {}}}, {"v": {"$regex": "a"}}, {"$and": {"v": 4}}, {"$and": [4]},
           {"$and": [{}]}, {"$or": [{"v": 4}, {}]}, {"$not": {"v": 4}}, {"$and": [{"v": 4}], "v": 5}, {"$and": [{"v": 4}], "$or": [{"v": 5}]}, [],
           [{"v": 4}], "v", 4, True, {"": 4}, {"$v": 4}, {"#v": 4}, {"v": {"eq": 4}}, {"v": {"$EQ": 4}}, {"v": {"$eq": 2 ** 63}}, {"v": {"$eq": 2 ** 64}},
           {"v": {"$gt": 2 ** 63}}, {"v": {"$in": [2 ** 63]}}, {"v": {"$eq": {"#type": "sparse_vector", "indices": [], "values": []}}}, {"v": {"$not_contains": []}},
           {"#document": "abc"}, {"#document": {"$eq": "abc"}}, {"#document": {"$contains": 4}}, {"#id": {"$in": ["r001"]}}, {"v": {"$exists": True}}]
    yield from (w(b) for b in bad)
    yield from (d(b) for b in ({"$contains": 4}, {"$contains": None}, {"$contains": ["a"]}, {"contains": "a"}, {"$eq": "a"}, {"v": {"$contains": "a"}},
                               {"$contains": "a", "$not_contains": "b"}, {"$and": {"$contains": "a"}}, {"$and": ["a"]}, {"$and": [{}]}, {"$or": [{"v": 4}]},
                               {"$regex": 4}, [], "abc", 4, {"$not": {"$contains": "a"}}))
    yield from (d({"$regex": text}) for text in BAD_PATTERNS)
    yield {**w({"v": 4}), **d({"$regex": "("})}


def gets():
    """get() with ids, limit and offset: order, repetition, unknown ids, and which comes first."""
    yield from ({"ids": ids} for ids in ([], ["r003"], ["r009", "r001", "r005"], ["r001", "r001"], ["nobody"], ["r002", "nobody", "R001"]))
    yield from ({"limit": limit, "offset": offset} for limit, offset in ((0, 0), (5, 0), (5, 3), (10, 175), (10, 180), (10, 1000), (1000, 0)))
    yield from ({"offset": offset} for offset in (0, 170, 180))
    yield {"where": {"v": {"$ne": 4}}, "limit": 7, "offset": 11}
    yield {"ids": ["r020", "r005", "r021"], "where": {"v": {"$gte": 4}}}
    yield {"ids": ["r020", "r005", "r021"], "limit": 1, "offset": 1}
    yield {"ids": ["r005", "r057"], "where": {"v": 4}, "where_document": {"$contains": "abc"}}
    yield {"limit": -1}
    yield {"offset": -1}


def leaf(rng):
    key = rng.choice(["v", "v", "v", "n", "f", "s", "b", "t", rng.choice(KEYS), "absent"])
    kind = rng.choice([INTS, FLOATS, WORDS, [True, False]])
    if kind in (INTS, FLOATS) and rng.random() < 0.5:
        return {key: {rng.choice(["$gt", "$gte", "$lt", "$lte"]): rng.choice(kind + [v + 0.5 for v in FLOATS if abs(v) < 100])}}
    op = rng.choice(["$eq", "$ne", "$in", "$nin", "$contains", "$not_contains", "plain"])
    if op == "plain":
        return {key: rng.choice(kind)}
    return {key: {op: rng.sample(kind, rng.randrange(1, min(4, len(kind)) + 1)) if op in ("$in", "$nin") else rng.choice(kind)}}


def document_leaf(rng):
    if rng.random() < 0.35:
        return {rng.choice(["$regex", "$not_regex"]): rng.choice(PATTERNS)}
    return {rng.choice(["$contains", "$not_contains"]): rng.choice(SEARCHES)}


def tree(rng, make, depth):
    if depth == 0 or rng.random() < 0.4:
        return make(rng)
    return {rng.choice(["$and", "$or"]): [tree(rng, make, depth - 1) for _ in range(rng.randrange(1, 4))]}


def generated(seed=99, count=220):
    rng = random.Random(seed)
    for _ in range(count):
        shape = rng.random()
        asked = {}
        if shape < 0.75:
            asked["where"] = tree(rng, leaf, rng.randrange(0, 4))
        if shape > 0.6:
            asked["where_document"] = tree(rng, document_leaf, rng.randrange(0, 3))
        yield asked
