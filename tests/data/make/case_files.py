"""Makes the synthetic case-management records of the demonstration directory, always the same ones.

records(seed) yields dicts {id, document, metadata, uri}; a document is a chunk of a longer file,
so chunks of one file share its source, its matter and its people.
"""
import random

from case_words import (AUTHORS, COURTS, FIRMS, FIRST, FOREIGN, JUDGES, KINDS, LAST, PLACES, TOPICS)

MATTERS = 72
SHORTEST, LONGEST = 200, 900
PERSONAL = {"unfair dismissal", "road traffic injury", "clinical negligence", "child arrangements", "divorce finances",
            "immigration appeal", "contested probate", "fraud defence", "housing disrepair", "workplace accident"}


def money(rng):
    return rng.choice([rng.randrange(200, 5000), rng.randrange(5000, 90000), rng.randrange(90000, 900000)])


def iso_date(rng, year):
    return f"{year}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"


def make_matter(rng, number):
    topic = list(TOPICS)[number % len(TOPICS)]
    year = rng.randrange(2016, 2026)
    person = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    return {"case": f"CS-{year}-{1000 + number * 7:04d}", "topic": topic, "year": year,
            "client": person if topic in PERSONAL or rng.random() < 0.4 else rng.choice(FIRMS), "opponent": rng.choice(FIRMS),
            "place": rng.choice(PLACES), "court": rng.choice(COURTS), "judge": rng.choice(JUDGES),
            "people": [f"{rng.choice(FIRST)} {rng.choice(LAST)}" for _ in range(4)],
            "authors": rng.sample(AUTHORS, 3), "closed": rng.random() < 0.4}


def slots(rng, matter):
    when = iso_date(rng, min(2025, matter["year"] + rng.randrange(0, 2)))
    return {**matter, "author": rng.choice(matter["authors"]), "witness": rng.choice(matter["people"]),
            "surname": rng.choice(LAST), "n": rng.randrange(2, 60), "date": when,
            "amount": f"£{money(rng):,}"}


def joined(turn, fact):
    """A turn that does not end a sentence runs on into the fact."""
    runs_on = turn[-1] not in ".:" and fact.split()[0] in ("The", "A", "An", "No", "Two", "Three", "Water", "Both", "Goods")
    return f"{turn} {fact[0].lower() + fact[1:] if runs_on else fact}"


def chunk_text(rng, kind, matter, last, facts):
    _, openings, turns, closings = KINDS[kind]
    words = slots(rng, matter)
    parts = [rng.choice(openings)]
    for _ in range(rng.randrange(2, 5)):
        if not facts:
            facts.extend(rng.sample(TOPICS[matter["topic"]][1], len(TOPICS[matter["topic"]][1])))
        fact = facts.pop()
        parts.append(joined(rng.choice(turns), fact) if rng.random() < 0.55 else fact)
    if last:
        parts.append(rng.choice(closings))
    break_between = "\n" if kind in ("email", "hearing transcript", "court order") else " "
    return break_between.join(parts).format(**words), words


def fit(rng, text, kind, matter, facts):
    while len(text) < SHORTEST:
        text += " " + chunk_text(rng, kind, matter, True, facts)[0]
    if len(text) <= LONGEST:
        return text
    return text[:text.rfind(" ", 0, LONGEST - 4)] + " ..."


def metadata_of(rng, kind, matter, words, chunk, chunks, file_number):
    tags = TOPICS[matter["topic"]][0] + [matter["topic"].replace(" ", "-")]
    suffix = KINDS[kind][0]
    meta = {"case_id": matter["case"], "client": matter["client"], "doc_type": kind, "author": words["author"],
            "topic": matter["topic"], "source": f"/cases/{matter['year']}/{matter['case']}/{kind.replace(' ', '_')}"
            f"_{file_number:04d}.{suffix}", "year": int(words["date"][:4]), "page": chunk * 2 + 1, "chunk": chunk,
            "chunks": chunks, "relevance": round(rng.random(), 4), "privileged": kind in ("memo", "email", "phone note")
            and rng.random() < 0.8, "created_at": f"{words['date']}T{rng.randrange(8, 19):02d}:{rng.randrange(60):02d}:00Z"}
    if rng.random() < 0.55:
        meta["tags"] = rng.sample(tags, rng.randrange(1, len(tags) + 1))
    if rng.random() < 0.12:
        meta["exhibits"] = sorted(rng.sample(range(1, 40), rng.randrange(1, 5)))
    if kind in ("invoice", "contract", "bank statement", "court order"):
        meta["amount"] = round(money(rng) + rng.choice([0, 0.5, 0.99]), 2)
    if rng.random() < 0.5:
        meta["court"] = matter["court"]
    if matter["closed"]:
        meta["closed"] = True
    # The reference was typed by hand over the years: sometimes a number, sometimes text, sometimes nothing.
    reference = rng.choice([file_number, float(file_number) + 0.5, f"REF-{file_number}", str(file_number), None, None])
    if reference is not None:
        meta["reference"] = reference
    return meta


def records(seed=20240917, files=660):
    rng = random.Random(seed)
    matters = [make_matter(rng, n) for n in range(MATTERS)]
    kinds = list(KINDS)
    for number in range(1, files + 1):
        matter = matters[number % MATTERS] if number <= MATTERS else rng.choice(matters)
        kind = rng.choice(kinds)
        if number % 70 == 0:
            yield foreign_record(rng, number, matter)
            continue
        chunks, facts = rng.choice([1, 1, 2, 2, 3, 3, 4, 5]), []
        for chunk in range(chunks):
            text, words = chunk_text(rng, kind, matter, chunk == chunks - 1, facts)
            meta = metadata_of(rng, kind, matter, words, chunk, chunks, number)
            has_uri = rng.random() < 0.3
            yield {"id": f"doc-{number:06d}-c{chunk:02d}", "document": fit(rng, text, kind, matter, facts),
                   "metadata": meta, "uri": f"file://{meta['source']}#page={meta['page']}" if has_uri else None}


def foreign_record(rng, number, matter):
    language, text = FOREIGN[(number // 70 - 1) % len(FOREIGN)]
    return {"id": f"doc-{number:06d}-c00", "document": text, "uri": None,
            "metadata": {"case_id": matter["case"], "client": matter["client"], "doc_type": "letter", "chunk": 0,
                         "language": language, "year": matter["year"], "relevance": 0.5, "privileged": False,
                         "source": f"/cases/{matter['year']}/übersetzt/{number:06d}.txt", "tags": ["翻訳", "translation", "ترجمة"]}}
