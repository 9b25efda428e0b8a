#include "storage/regex/unicode_class.h"

#include <QChar>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace storage {

namespace {

constexpr char32_t kLast = 0x10ffff;

template <class Belongs> CharSet collect(Belongs belongs)
{
    std::vector<CharRange> ranges;
    for (char32_t c = 0; c <= kLast; ++c) {
        if (!belongs(c))
            continue;
        if (!ranges.empty() && ranges.back().last + 1 == c)
            ranges.back().last = c;
        else
            ranges.push_back({c, c});
    }
    return CharSet(std::move(ranges));
}

constexpr std::uint32_t bit(QChar::Category category)
{
    return std::uint32_t{1} << category;
}

CharSet ofCategories(std::uint32_t mask)
{
    return collect([mask](char32_t c) { return ((std::uint32_t{1} << QChar::category(c)) & mask) != 0; });
}

constexpr std::uint32_t kLetters = bit(QChar::Letter_Uppercase) | bit(QChar::Letter_Lowercase) |
                                   bit(QChar::Letter_Titlecase) | bit(QChar::Letter_Modifier) |
                                   bit(QChar::Letter_Other);
constexpr std::uint32_t kCased =
    bit(QChar::Letter_Uppercase) | bit(QChar::Letter_Lowercase) | bit(QChar::Letter_Titlecase);
constexpr std::uint32_t kMarks =
    bit(QChar::Mark_NonSpacing) | bit(QChar::Mark_SpacingCombining) | bit(QChar::Mark_Enclosing);
constexpr std::uint32_t kNumbers =
    bit(QChar::Number_DecimalDigit) | bit(QChar::Number_Letter) | bit(QChar::Number_Other);
constexpr std::uint32_t kPunctuation = bit(QChar::Punctuation_Connector) | bit(QChar::Punctuation_Dash) |
                                       bit(QChar::Punctuation_Open) | bit(QChar::Punctuation_Close) |
                                       bit(QChar::Punctuation_InitialQuote) |
                                       bit(QChar::Punctuation_FinalQuote) | bit(QChar::Punctuation_Other);
constexpr std::uint32_t kSymbols = bit(QChar::Symbol_Math) | bit(QChar::Symbol_Currency) |
                                   bit(QChar::Symbol_Modifier) | bit(QChar::Symbol_Other);
constexpr std::uint32_t kSeparators =
    bit(QChar::Separator_Space) | bit(QChar::Separator_Line) | bit(QChar::Separator_Paragraph);
constexpr std::uint32_t kOthers = bit(QChar::Other_Control) | bit(QChar::Other_Format) |
                                  bit(QChar::Other_Surrogate) | bit(QChar::Other_PrivateUse) |
                                  bit(QChar::Other_NotAssigned);

struct CategoryName
{
    std::string_view names; // loosened, separated by blanks
    std::uint32_t mask;
};

constexpr std::array kCategories = {
    CategoryName{"l letter", kLetters},
    CategoryName{"lc casedletter", kCased},
    CategoryName{"lu uppercaseletter", bit(QChar::Letter_Uppercase)},
    CategoryName{"ll lowercaseletter", bit(QChar::Letter_Lowercase)},
    CategoryName{"lt titlecaseletter", bit(QChar::Letter_Titlecase)},
    CategoryName{"lm modifierletter", bit(QChar::Letter_Modifier)},
    CategoryName{"lo otherletter", bit(QChar::Letter_Other)},
    CategoryName{"m mark combiningmark", kMarks},
    CategoryName{"mn nonspacingmark", bit(QChar::Mark_NonSpacing)},
    CategoryName{"mc spacingmark", bit(QChar::Mark_SpacingCombining)},
    CategoryName{"me enclosingmark", bit(QChar::Mark_Enclosing)},
    CategoryName{"n number", kNumbers},
    CategoryName{"nd decimalnumber digit", bit(QChar::Number_DecimalDigit)},
    CategoryName{"nl letternumber", bit(QChar::Number_Letter)},
    CategoryName{"no othernumber", bit(QChar::Number_Other)},
    CategoryName{"p punctuation punct", kPunctuation},
    CategoryName{"pc connectorpunctuation", bit(QChar::Punctuation_Connector)},
    CategoryName{"pd dashpunctuation", bit(QChar::Punctuation_Dash)},
    CategoryName{"ps openpunctuation", bit(QChar::Punctuation_Open)},
    CategoryName{"pe closepunctuation", bit(QChar::Punctuation_Close)},
    CategoryName{"pi initialpunctuation", bit(QChar::Punctuation_InitialQuote)},
    CategoryName{"pf finalpunctuation", bit(QChar::Punctuation_FinalQuote)},
    CategoryName{"po otherpunctuation", bit(QChar::Punctuation_Other)},
    CategoryName{"s symbol", kSymbols},
    CategoryName{"sm mathsymbol", bit(QChar::Symbol_Math)},
    CategoryName{"sc currencysymbol", bit(QChar::Symbol_Currency)},
    CategoryName{"sk modifiersymbol", bit(QChar::Symbol_Modifier)},
    CategoryName{"so othersymbol", bit(QChar::Symbol_Other)},
    CategoryName{"z separator", kSeparators},
    CategoryName{"zs spaceseparator", bit(QChar::Separator_Space)},
    CategoryName{"zl lineseparator", bit(QChar::Separator_Line)},
    CategoryName{"zp paragraphseparator", bit(QChar::Separator_Paragraph)},
    CategoryName{"c other", kOthers},
    CategoryName{"cc control cntrl", bit(QChar::Other_Control)},
    CategoryName{"cf format", bit(QChar::Other_Format)},
    CategoryName{"co privateuse", bit(QChar::Other_PrivateUse)},
    CategoryName{"cn unassigned", bit(QChar::Other_NotAssigned)},
    CategoryName{"assigned", ~bit(QChar::Other_NotAssigned)},
};

// In the order of QChar::Script; the short codes of the scripts that people name by them.
constexpr std::array<std::string_view, QChar::Script_Vithkuqi + 1> kScripts = {"unknown zzzz",
                                                                               "inherited zinh qaai",
                                                                               "common zyyy",
                                                                               "latin latn",
                                                                               "greek grek",
                                                                               "cyrillic cyrl",
                                                                               "armenian armn",
                                                                               "hebrew hebr",
                                                                               "arabic arab",
                                                                               "syriac syrc",
                                                                               "thaana thaa",
                                                                               "devanagari deva",
                                                                               "bengali beng",
                                                                               "gurmukhi guru",
                                                                               "gujarati gujr",
                                                                               "oriya orya",
                                                                               "tamil taml",
                                                                               "telugu telu",
                                                                               "kannada knda",
                                                                               "malayalam mlym",
                                                                               "sinhala sinh",
                                                                               "thai",
                                                                               "lao laoo",
                                                                               "tibetan tibt",
                                                                               "myanmar mymr",
                                                                               "georgian geor",
                                                                               "hangul hang",
                                                                               "ethiopic ethi",
                                                                               "cherokee cher",
                                                                               "canadianaboriginal cans",
                                                                               "ogham ogam",
                                                                               "runic runr",
                                                                               "khmer khmr",
                                                                               "mongolian mong",
                                                                               "hiragana hira",
                                                                               "katakana kana",
                                                                               "bopomofo bopo",
                                                                               "han hani",
                                                                               "yi yiii",
                                                                               "olditalic ital",
                                                                               "gothic goth",
                                                                               "deseret dsrt",
                                                                               "tagalog tglg",
                                                                               "hanunoo hano",
                                                                               "buhid buhd",
                                                                               "tagbanwa tagb",
                                                                               "coptic copt qaac",
                                                                               "limbu limb",
                                                                               "taile tale",
                                                                               "linearb linb",
                                                                               "ugaritic ugar",
                                                                               "shavian shaw",
                                                                               "osmanya osma",
                                                                               "cypriot cprt",
                                                                               "braille brai",
                                                                               "buginese bugi",
                                                                               "newtailue talu",
                                                                               "glagolitic glag",
                                                                               "tifinagh tfng",
                                                                               "sylotinagri sylo",
                                                                               "oldpersian xpeo",
                                                                               "kharoshthi khar",
                                                                               "balinese bali",
                                                                               "cuneiform xsux",
                                                                               "phoenician phnx",
                                                                               "phagspa phag",
                                                                               "nko nkoo",
                                                                               "sundanese sund",
                                                                               "lepcha lepc",
                                                                               "olchiki olck",
                                                                               "vai vaii",
                                                                               "saurashtra saur",
                                                                               "kayahli kali",
                                                                               "rejang rjng",
                                                                               "lycian lyci",
                                                                               "carian cari",
                                                                               "lydian lydi",
                                                                               "cham",
                                                                               "taitham lana",
                                                                               "taiviet tavt",
                                                                               "avestan avst",
                                                                               "egyptianhieroglyphs egyp",
                                                                               "samaritan samr",
                                                                               "lisu",
                                                                               "bamum bamu",
                                                                               "javanese java",
                                                                               "meeteimayek mtei",
                                                                               "imperialaramaic armi",
                                                                               "oldsoutharabian sarb",
                                                                               "inscriptionalparthian prti",
                                                                               "inscriptionalpahlavi phli",
                                                                               "oldturkic orkh",
                                                                               "kaithi kthi",
                                                                               "batak batk",
                                                                               "brahmi brah",
                                                                               "mandaic mand",
                                                                               "chakma cakm",
                                                                               "meroiticcursive merc",
                                                                               "meroitichieroglyphs mero",
                                                                               "miao plrd",
                                                                               "sharada shrd",
                                                                               "sorasompeng sora",
                                                                               "takri takr",
                                                                               "caucasianalbanian aghb",
                                                                               "bassavah bass",
                                                                               "duployan dupl",
                                                                               "elbasan elba",
                                                                               "grantha gran",
                                                                               "pahawhhmong hmng",
                                                                               "khojki khoj",
                                                                               "lineara lina",
                                                                               "mahajani mahj",
                                                                               "manichaean mani",
                                                                               "mendekikakui mend",
                                                                               "modi",
                                                                               "mro mroo",
                                                                               "oldnortharabian narb",
                                                                               "nabataean nbat",
                                                                               "palmyrene palm",
                                                                               "paucinhau pauc",
                                                                               "oldpermic perm",
                                                                               "psalterpahlavi phlp",
                                                                               "siddham sidd",
                                                                               "khudawadi sind",
                                                                               "tirhuta tirh",
                                                                               "warangciti wara",
                                                                               "ahom",
                                                                               "anatolianhieroglyphs hluw",
                                                                               "hatran hatr",
                                                                               "multani mult",
                                                                               "oldhungarian hung",
                                                                               "signwriting sgnw",
                                                                               "adlam adlm",
                                                                               "bhaiksuki bhks",
                                                                               "marchen marc",
                                                                               "newa",
                                                                               "osage osge",
                                                                               "tangut tang",
                                                                               "masaramgondi gonm",
                                                                               "nushu nshu",
                                                                               "soyombo soyo",
                                                                               "zanabazarsquare zanb",
                                                                               "dogra dogr",
                                                                               "gunjalagondi gong",
                                                                               "hanifirohingya rohg",
                                                                               "makasar maka",
                                                                               "medefaidrin medf",
                                                                               "oldsogdian sogo",
                                                                               "sogdian sogd",
                                                                               "elymaic elym",
                                                                               "nandinagari nand",
                                                                               "nyiakengpuachuehmong hmnp",
                                                                               "wancho wcho",
                                                                               "chorasmian chrs",
                                                                               "divesakuru diak",
                                                                               "khitansmallscript kits",
                                                                               "yezidi yezi",
                                                                               "cyprominoan cpmn",
                                                                               "olduyghur ougr",
                                                                               "tangsa tnsa",
                                                                               "toto",
                                                                               "vithkuqi vith"};

bool names(std::string_view list, std::string_view name)
{
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(' '), list.size());
        if (list.substr(0, end) == name)
            return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

// Rust compares names without case, blanks, "_", "-" and a leading "is".
std::string loosened(std::string_view name)
{
    std::string loose;
    for (const char c : name)
        if (c != ' ' && c != '_' && c != '-' && static_cast<unsigned char>(c) < 0x80)
            loose += (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
    if (loose.size() > 2 && loose.starts_with("is"))
        loose.erase(0, 2);
    return loose;
}

std::optional<CharSet> categoryByName(std::string_view name)
{
    if (name == "any")
        return CharSet::all();
    if (name == "ascii")
        return CharSet(0, 0x7f);
    for (const CategoryName& category : kCategories)
        if (names(category.names, name))
            return ofCategories(category.mask);
    return std::nullopt;
}

std::optional<CharSet> scriptByName(std::string_view name)
{
    for (std::size_t script = 0; script < kScripts.size(); ++script)
        if (names(kScripts[script], name))
            return collect([script](char32_t c) { return std::size_t(QChar::script(c)) == script; });
    return std::nullopt;
}

// Other_Alphabetic outside the marks, and Other_Uppercase.
const std::vector<CharRange> kCircledCapitals = {
    {0x24b6, 0x24cf}, {0x1f130, 0x1f149}, {0x1f150, 0x1f169}, {0x1f170, 0x1f189}};
const CharRange kCircledSmall{0x24d0, 0x24e9};

std::optional<CharSet> binaryProperty(std::string_view name)
{
    if (names("whitespace wspace space", name))
        return unicodeSpace();
    if (names("asciihexdigit ahex", name))
        return CharSet({{'0', '9'}, {'A', 'F'}, {'a', 'f'}});
    if (names("hexdigit hex", name))
        return CharSet(
            {{'0', '9'}, {'A', 'F'}, {'a', 'f'}, {0xff10, 0xff19}, {0xff21, 0xff26}, {0xff41, 0xff46}});
    if (names("uppercase upper", name)) {
        std::vector<CharRange> others = kCircledCapitals;
        others.push_back({0x2160, 0x216f});
        return ofCategories(bit(QChar::Letter_Uppercase)).united(CharSet(std::move(others)));
    }
    return std::nullopt;
}

} // namespace

const CharSet& unicodeDigits()
{
    static const CharSet set = ofCategories(bit(QChar::Number_DecimalDigit));
    return set;
}

const CharSet& unicodeSpace()
{
    static const CharSet set({{'\t', '\r'},
                              {' ', ' '},
                              {0x85, 0x85},
                              {0xa0, 0xa0},
                              {0x1680, 0x1680},
                              {0x2000, 0x200a},
                              {0x2028, 0x2029},
                              {0x202f, 0x202f},
                              {0x205f, 0x205f},
                              {0x3000, 0x3000}});
    return set;
}

const CharSet& unicodeWord()
{
    static const CharSet set = [] {
        std::vector<CharRange> others = kCircledCapitals;
        others.push_back(kCircledSmall);
        others.push_back({0x200c, 0x200d}); // Join_Control
        constexpr std::uint32_t mask = kLetters | kMarks | bit(QChar::Number_Letter) |
                                       bit(QChar::Number_DecimalDigit) | bit(QChar::Punctuation_Connector);
        return ofCategories(mask).united(CharSet(std::move(others)));
    }();
    return set;
}

bool isAsciiWord(char32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

std::optional<CharSet> posixClass(std::string_view name)
{
    if (name == "alnum")
        return CharSet({{'0', '9'}, {'A', 'Z'}, {'a', 'z'}});
    if (name == "alpha")
        return CharSet({{'A', 'Z'}, {'a', 'z'}});
    if (name == "ascii")
        return CharSet(0, 0x7f);
    if (name == "blank")
        return CharSet({{'\t', '\t'}, {' ', ' '}});
    if (name == "cntrl")
        return CharSet({{0, 0x1f}, {0x7f, 0x7f}});
    if (name == "digit")
        return CharSet('0', '9');
    if (name == "graph")
        return CharSet('!', '~');
    if (name == "lower")
        return CharSet('a', 'z');
    if (name == "print")
        return CharSet(' ', '~');
    if (name == "punct")
        return CharSet({{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}});
    if (name == "space")
        return CharSet({{'\t', '\r'}, {' ', ' '}});
    if (name == "upper")
        return CharSet('A', 'Z');
    if (name == "word")
        return CharSet({{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}});
    if (name == "xdigit")
        return CharSet({{'0', '9'}, {'A', 'F'}, {'a', 'f'}});
    return std::nullopt;
}

std::optional<CharSet> unicodeProperty(std::string_view name)
{
    if (const std::size_t sign = name.find_first_of("=:"); sign != std::string_view::npos) {
        const std::string property = loosened(name.substr(0, sign));
        const std::string value = loosened(name.substr(sign + 1));
        if (names("gc generalcategory", property))
            return categoryByName(value);
        if (names("sc script", property))
            return scriptByName(value);
        return std::nullopt;
    }
    const std::string loose = loosened(name);
    // "sc", "cf" and "lc" name categories here although they abbreviate properties elsewhere.
    if (auto set = binaryProperty(loose))
        return set;
    if (auto set = categoryByName(loose))
        return set;
    return scriptByName(loose);
}

} // namespace storage
