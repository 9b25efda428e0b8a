"""Asks a real Chroma what its $regex means; needs chromadb==1.5.9 and zstd on the path.

  make_regex.py WORK DATA        writes DATA/regex-1.5.9.json.zst
{written_by, documents: [...], patterns: [{pattern, matches: [index ...]} or {pattern, error}],
 characters: "...", classes: [{pattern, matches: "the characters that match"}]}
"""
import random
import sys
import unicodedata
from pathlib import Path

from server import Server, pack_json

DOCUMENTS = ["", "a", "ab", "abc", "ABC", "aXc", "a\nb", "a\r\nb", "a\rb", "\n", "\r\n", "line one\nline two\nline three", "foo\r\nbar\r\nbaz",
             "Über alles", "über", "ÜBER", "naïve café", "nai\u0308ve cafe\u0301", "Straße", "STRASSE", "strasse", "STRAẞE", "日本語のテキスト", "日 本",
             "한국어 문서", "مذكرة ٣٤٥ قانونية", "x\u0301y", "word\u200djoin", "word\u200bsplit", "a\u00a0b", "a\u2028b", "a\u0085b", "tab\tstop", "nul\0inside",
             "K (kelvin K)", "ſharp s", "İstanbul ı i I", "Ǆ ǅ ǆ", "ΣΑΣ σας", "①②Ⅷ", "Ⓐⓑ", "x²", "5 ½", "a_b", "a-b", "a.b", "a+b", "(a)", "[a]", "{a}",
             "a|b", "a^b", "a$b", "a\\b", "a/b", "a#b c", "a b c", "2024-02-29", "020 7946 0018", "a.b@example.org", "aaa", "aaaaaaaaaa", "ababab",
             "🙂", "🙂🙃 emoji 👩‍👩‍👧", "€100", "x" * 1200, "the end", "theend", "the\u00e9nd", "end.", "«fin»", "fin—début", "ﬁne", "k", "\x7f\x01", "~&-", "]", "}", "-"]
BASIC = ["a", "abc", "", ".", "..", "^.$", "^..$", "a.c", "a.b", "(?s)a.b", "(?R)a.b", "(?s)^.*$", "^$", "^a$", "(?m)^b$", "(?mR)^b$", "(?mR)a$", "(?m)a$",
         "(?m)^line", "(?m)one$", "one$", "\\Aa", "a\\z", "(?m)\\Aline t", "(?mR)^bar$", "(?m)^bar$", "(?m)^bar\\r$", "(?mR)^$", "(?m)^$", "a*", "a+", "a?b",
         "^a{3}$", "a{4,}", "^a{2,4}$", "a{0}", "a{10}", "a{11}", "x{1000}", "x{1200}", "x{1201}", "(?:x{100}){12}", "(?:x{40}){31}", "^(?:x{3}){400}$",
         "a{ 2 }", "a{1 , 2}", "a{,2}", "a{2", "a{", "{", "}", "]", "a{2,1}", "a{-1}", "a{99999999999}", "a**", "a+?", "a??b", "(?U)a+", "(ab)+", "(ab){3}",
         "(?:ab){4}", "^(ab|ba)+$", "a|b", "|a", "a|", "()", "()*", "(|a)b", "(a|b|)c", "^*", "$+", "\\b*", "(?i)*", "*", "+a", "?", "(*a)", "a|*", "(?i)?a"]
ESCAPES = ["\\.", "\\*", "\\+", "\\?", "\\(", "\\)", "\\|", "\\[", "\\]", "\\{", "\\}", "\\^", "\\$", "\\\\", "\\/", "\\#", "\\-", "\\&", "\\~", "\\_", "\\%",
           "\\ ", "\\@", "\\n", "\\r", "\\t", "\\f", "\\v", "\\a", "\\e", "\\0", "\\1", "\\9", "\\x41", "\\x4", "\\x{41}", "\\x{}", "\\x{1F642}", "\\x{110000}",
           "\\x{D800}", "\\u0041", "\\u00e9", "\\u{65e5}", "\\U0001F642", "\\U{1F642}", "\\u12", "\\x{zz}", "\\é", "\\日", "\\<", "\\>", "\\y", "\\Q", "\\E", "\\Z",
           "\\G", "\\K", "\\R", "\\X", "\\h", "\\H", "\\c", "\\N", "\\o", "\\", "a\\", "\\x00", "nul\\x00in"]
CLASSES = ["[abc]", "[^abc]", "[a-c]", "[c-a]", "[a-]", "[-a]", "[--a]", "[a-c-e]", "[]a]", "[^]a]", "[]]", "[]", "[^]", "[a", "[", "[[]", "[[a]b]", "[a[bc]]",
           "[^[ab]]", "[a-z&&[^b]]", "[a-z&&b]", "[a-c&&x-z]", "[\\w&&[^\\d]]", "[\\w--a]", "[\\w--[a-z]]+", "[a-g~~b-h]", "[a&&b]", "[a&&a]", "[&&a]", "[a&&]",
           "[a&b]", "[a~b]", "[~]", "[&]", "[a--]", "[a---b]", "[+--]", "[\\d\\s]", "[\\D]", "[^\\D]", "[\\W]", "[^\\W]", "[\\S\\s]", "[^\\S\\s]", "[a-\\d]", "[\\d-a]",
           "[\\x41-\\x43]", "[\\u{65e5}-\\u{672c}]", "[\\]]", "[\\[]", "[\\^]", "[\\-]", "[a\\-c]", "[.]", "[*]", "[$]", "[|]", "[\\b]", "[\\A]", "[\\n]", "[[:alpha:]]",
           "[[:^alpha:]]", "[[:digit:]]", "[[:word:]]+", "[[:space:]]", "[[:punct:]]", "[[:upper:]][[:lower:]]", "[[:nope:]]", "[[:alpha:]", "[:alpha:]", "[[:xdigit:]]{3}",
           "[[:ascii:]]", "[^[:ascii:]]", "[[:cntrl:]]", "[[:blank:]]", "[[:graph:]]", "[[:print:]]", "[[:alnum:]]", "(?i)[a-c]", "(?i)[^a-c]", "(?i)[ÄÖÜ]", "(?i)[^k]",
           "(?i)[[:upper:]]", "(?i)[a-z&&[^k]]", "(?i)\\p{Lu}", "(?i)\\P{Lu}", "(?i)[^\\p{Lu}]", "(?x)[ a b ]", "(?x)[a #b\n]", "[a-\\u{10ffff}]", "[\\x{0}-\\x{10ffff}]",
           "[^\\x{0}-\\x{10ffff}]"]
UNICODE = ["\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "^\\w+$", "^\\W$", "\\d+", "\\pL", "\\PL", "\\p{L}", "\\P{L}", "\\p{^L}", "\\p{Lu}", "\\p{Letter}", "\\p{uppercase letter}",
           "\\p{Uppercase_Letter}", "\\p{isLu}", "\\p{Greek}", "\\p{IsGreek}", "\\p{greek}", "\\p{Grek}", "\\p{sc=Greek}", "\\p{Script=Han}", "\\p{sc:Han}", "\\p{sc!=Han}",
           "\\P{sc!=Han}", "\\p{gc=Nd}", "\\p{General_Category=Decimal_Number}", "\\p{Han}+", "\\p{Hiragana}", "\\p{Hangul}", "\\p{Arabic}", "\\p{Latin}", "\\p{Cyrillic}",
           "\\p{Nope}", "\\p{}", "\\p{L", "\\p", "\\pX", "\\p{White_Space}", "\\p{Any}", "\\p{Assigned}", "\\p{ASCII}", "\\p{Uppercase}", "\\p{M}", "\\p{Nl}", "\\p{So}",
           "\\p{Sc}", "\\p{sc}", "\\p{cf}", "\\p{lc}", "\\p{LC}", "\\p{Pc}", "\\p{punct}", "\\p{Zs}", "\\p{Cc}", "\\p{space}", "\\p{Hex_Digit}", "\\p{AHex}"]
FLAGS = ["(?i)abc", "(?i:a)BC", "a(?i)B", "a(?i)b|c", "(a(?i)B)C", "(?i)über", "(?i)ÜBER", "(?i)straße", "(?i)strasse", "(?i)STRAẞE", "(?i)k", "(?i)K", "(?i)s", "(?i)ſ", "(?i)i",
         "(?i)İ", "(?i)ı", "(?i)ǆ", "(?i)ǅ", "(?i)σ", "(?i)ς", "(?i)ⓐ", "(?i)ⅷ", "(?i)ﬁ", "(?-i)a", "(?i-i)A", "(?im)^LINE", "(?s-s).", "(?ii)a", "(?i-)a", "(?--i)a", "(?-)a", "(?)",
         "(?:)", "(?z)a", "(?", "(?i", "(?i:", "(?x)a b", "(?x) a # note\nb", "(?x)a\\ b", "(?x)a {2}", "(?x: a ) b", "(?x)\\u{ 6 5 e 5 }", "(?u)\\w", "(?-u)a", "(?-u)\\w",
         "(?-u:\\b)a", "(?-u:\\B)", "(?-u)é", "(?-u)\\xff", "(?-u)\\x41", "(?-u).", "(?-u)[a]", "(?-u)[ab]", "(?i-u)a", "(?i-u)1", "(?-u)\\pL", "(?-u)\\p{Nope}", "(?-u:\\b)é",
         "(?P<n>a)", "(?<n>a)", "(?P<>a)", "(?P<1>a)", "(?P<n.1[2]>a)", "(?P<n>a)(?P<n>b)", "(?P<n", "(?P=n)", "(?'n'a)", "(?P>n)", "(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?>a)",
         "(?#note)a", "(?|a)", "(", ")", "(a", "a)", "((a)", "a)(", "(?R)a", "(?mi)^L"]
BOUNDARIES = ["\\bend\\b", "\\bthe\\b", "\\bÜber\\b", "\\büber\\b", "\\bcafé\\b", "caf\\b", "nd\\b", "\\bnd", "\\Bnd", "nd\\B", "\\b日", "\\b本", "日\\b", "\\b語", "\\B本", "\\bfin\\b", "\\bdébut\\b",
              "fin\\B", "\\b\\w+\\b", "^\\b", "\\b$", "^\\B$", "\\B", "\\b", "\\b\\d{3}\\b", "\\b٣", "x\\b", "\\b{start}end", "the\\b{end}", "\\<end\\>", "\\<the", "end\\>", "\\b{start-half}nd",
              "the\\b{end-half}", "\\b{start-half}é", "\\b{nope}", "\\b{start", "\\b{2}", "\\b{", "\\b{ start }a", "(?-u:\\b)nd", "(?-u:\\b)é", "(?-u:\\<)b", "\\b(?i)ÜBER\\b", "(?m)\\b$",
              "word\\b", "\\bjoin", "\\bsplit", "\\bx\\b", "(?:\\b|x)a", "(\\bline\\b.*\\n?)+", "\\ba\\b|\\bK\\b", "[^\\w]\\b\\w", "é\\b", "\\bkelvin K\\b"]


def generated(seed=7, count=150):
    """Random patterns of pieces that are valid by themselves."""
    rng = random.Random(seed)
    atoms = ["a", "b", "c", "é", "ü", "日", "x", " ", ".", "\\w", "\\d", "\\s", "\\W", "[a-c]", "[^a-c]", "\\b", "\\B", "^", "$", "\\p{L}", "[[:alpha:]]", "[\\w&&[^a]]", "(?m:^)",
             "(?m:$)", "\\b{start}", "\\b{end}", "(?i:K)", "\\u{301}"]
    repeats = ["", "", "", "*", "+", "?", "{2}", "{1,3}", "*?"]

    def piece(depth):
        if depth and rng.random() < 0.3:
            return "(?:" + "|".join(text(depth - 1) for _ in range(rng.randrange(1, 3))) + ")" + rng.choice(repeats)
        return rng.choice(atoms) + rng.choice(repeats)

    def text(depth):
        return "".join(piece(depth) for _ in range(rng.randrange(1, 5)))

    return [text(2) for _ in range(count)]


def characters():
    """Some of every block that Unicode 14 has assigned, all of those with case and all blanks."""
    every = (chr(c) for c in range(1, 0x110000) if not 0xD800 <= c < 0xE000)
    chosen = []
    for c in every:
        kind = unicodedata.category(c)
        if kind in ("Cn", "Co"):
            continue
        number = ord(c)
        if number < 0x250 or kind.startswith(("Z", "C", "N")) or kind in ("Pc", "So") and number % 5 == 0 or number % 23 == 0:
            chosen.append(c)
    return "".join(chosen)


CHARACTER_PATTERNS = ["\\w", "\\d", "\\s", "\\p{L}", "\\p{Lu}", "\\p{M}", "\\p{N}", "\\p{P}", "\\p{S}", "\\p{Z}", "\\p{C}", "\\p{Uppercase}", "\\p{Greek}", "\\p{Han}", "\\p{Common}",
                      "\\p{Arabic}", "(?i)[a-z]", "(?i)[à-ÿ]", "(?i)[α-ω]", "(?i)[а-я]", "\\b.", "[[:alpha:]]", "[^\\w\\s]", "."]


def ask(server, base, where_document):
    status, body = server.post(f"{base}/get", {"where_document": where_document, "include": []})
    if status != 200:
        return {"error": body.get("message", str(body)).split("\n")[-1][:200]}
    return {"matches": sorted(int(one) for one in body["ids"])}


def filled(server, name, documents):
    _, collection = server.post(f"{server.database()}/collections", {"name": name})
    base = server.base(collection)
    for start in range(0, len(documents), 500):
        part = documents[start:start + 500]
        status, body = server.post(f"{base}/add", {"ids": [str(start + i) for i in range(len(part))], "embeddings": [[1.0]] * len(part), "documents": part})
        assert status in (200, 201), body
    return base


def main(work, data):
    with Server(work / "regex") as server:
        base = filled(server, "documents", DOCUMENTS)
        patterns = dict.fromkeys([*BASIC, *ESCAPES, *CLASSES, *UNICODE, *FLAGS, *BOUNDARIES, *generated()])
        said = [{"pattern": p, **ask(server, base, {"$regex": p})} for p in patterns]
        signs = characters()
        base = filled(server, "characters", list(signs))
        classes = [{"pattern": p, "matches": "".join(signs[i] for i in ask(server, base, {"$regex": p})["matches"])} for p in CHARACTER_PATTERNS]
    pack_json({"written_by": "chromadb 1.5.9", "documents": DOCUMENTS, "patterns": said, "characters": signs, "classes": classes}, data / "regex-1.5.9.json.zst")


if __name__ == "__main__":
    room, target = Path(sys.argv[1]), Path(sys.argv[2])
    room.mkdir(parents=True, exist_ok=True)
    main(room, target)
