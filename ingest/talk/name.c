/*
 * Names in what people say: see name.h.
 */
#include "ingest/talk/name.h"

#include "ingest/talk/clock.h"

#define NAME_BYTES_MAX 80
#define NAME_WORDS_MAX 6

static const char *const badges[] = {"APP", "BOT", "WORKFLOW",
                                     "App", "Bot", "\xE3\x82\xA2\xE3\x83\x97\xE3\x83\xAA"};
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

size_t
talk_badge(struct sv text)
{
    for (size_t i = 0; i < COUNT(badges); i++) {
        struct sv badge = sv_from(badges[i]);
        if (!sv_starts(text, badge))
            continue;
        if (badge.len == text.len)
            return badge.len;
        if (talk_blank(text, badge.len) > 0)
            return talk_skip_blanks(text, badge.len);
    }
    return 0;
}

static bool
code_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c != '\0' && strchr("_+-'", c));
}

size_t
talk_emoji_code(struct sv text)
{
    size_t at = 1;
    if (text.len < 3 || text.ptr[0] != ':')
        return 0;
    while (at < text.len && at < 64 &&
           (code_char(text.ptr[at]) || (unsigned char)text.ptr[at] >= 0x80))
        at++;
    return at > 1 && at < text.len && text.ptr[at] == ':' ? at + 1 : 0;
}

/* The length of the text without an emoji code at its end. */
static size_t
without_emoji(struct sv text)
{
    if (text.len < 3 || text.ptr[text.len - 1] != ':')
        return text.len;
    size_t at = text.len - 1;
    while (at > 0 && code_char(text.ptr[at - 1]))
        at--;
    return at > 0 && at < text.len - 1 && text.ptr[at - 1] == ':' ? at - 1 : text.len;
}

static size_t
without_badge(struct sv text, bool *ret_bot)
{
    if (sv_empty(text))
        return 0;
    for (size_t i = 0; i < COUNT(badges); i++) {
        struct sv badge = sv_from(badges[i]);
        if (!sv_ends(text, badge) || badge.len == text.len)
            continue;
        struct sv before = sv_slice(text, 0, text.len - badge.len);
        if (before.ptr == NULL)
            continue;
        char last = before.ptr[before.len - 1];
        bool glued = badge.ptr[1] >= 'A' && badge.ptr[1] <= 'Z' && last >= 'a' && last <= 'z';
        if (talk_trim(before).len < before.len || glued || last == ':') {
            *ret_bot = true;
            return before.len;
        }
    }
    return text.len;
}

static size_t
without_remark(struct sv text)
{
    static const char *const remarks[] = {"(you)",     "(edited)",   "(Guest)",
                                          "(guest)",   "(External)", "(Unverified)",
                                          "(she/her)", "(he/him)",   "(they/them)"};
    for (size_t i = 0; i < COUNT(remarks); i++)
        if (sv_ends(text, sv_from(remarks[i])))
            return text.len - strlen(remarks[i]);
    return text.len;
}

static struct sv
without_ornaments(struct sv text, bool *ret_bot)
{
    for (size_t before = SIZE_MAX; text.len < before;) {
        before = text.len;
        text = talk_trim(sv_slice(text, 0, without_emoji(text)));
        text = talk_trim(sv_slice(text, 0, without_badge(text, ret_bot)));
        text = talk_trim(sv_slice(text, 0, without_remark(text)));
    }
    return text;
}

static bool
word_of_logs(struct sv name)
{
    static const char *const words[] = {
        "trace",  "debug",   "info",     "notice", "warn",    "warning", "error",
        "err",    "fatal",   "critical", "crit",   "panic",   "emerg",   "alert",
        "severe", "verbose", "timeline", "time",   "date",    "note",    "notes",
        "update", "start",   "end",      "begin",  "started", "ended",   "summary"};
    for (size_t i = 0; i < COUNT(words); i++)
        if (sv_eq_nocase(name, sv_from(words[i])))
            return true;
    return false;
}

/* Letters of any script, and what names have among them. */
static bool
plausible_signs(struct sv name)
{
    size_t letters = 0, words = 1;
    for (size_t at = 0; at < name.len; at++) {
        unsigned char c = (unsigned char)name.ptr[at];
        if (c < ' ' || c == 127 || strchr("<>{}[]=|\"\\;?!*`$%^~", c) != NULL)
            return false;
        letters += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
        size_t blank = talk_blank(name, at);
        if (blank > 0) {
            words++;
            if (talk_blank(name, at + blank) > 0)
                return false;
            at += blank - 1;
        }
    }
    return letters > 0 && words <= NAME_WORDS_MAX;
}

static bool
is_capital(char c)
{
    return (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool
all_capital(struct sv name)
{
    struct sv rest = name, word;
    size_t words = 0;
    while (sv_split(&rest, ' ', &word)) {
        if (sv_empty(word) || !is_capital(word.ptr[0]))
            return false;
        words++;
    }
    return words > 1;
}

bool
talk_name_read(struct sv text, struct talk_name *ret_name)
{
    struct talk_name found = {0};
    text = talk_trim(text);
    if (text.len > 3 * NAME_BYTES_MAX)
        return false;
    found.name = without_ornaments(text, &found.bot);
    struct sv name = found.name;
    if (name.len == 0 || name.len > NAME_BYTES_MAX || !plausible_signs(name) || word_of_logs(name))
        return false;
    char first = name.ptr[0], last = name.ptr[name.len - 1];
    if (strchr("-/#>,.:()&+", first) != NULL || strchr(":,/-&+", last) != NULL)
        return false;
    bool sentence = last == '.' && !(name.len > 3 && name.ptr[name.len - 3] == ' ') &&
                    !sv_ends(name, SV("Jr.")) && !sv_ends(name, SV("Sr."));
    if (sentence || sv_contains(name, SV("://")) || sv_contains(name, SV(": ")))
        return false;
    found.capital = is_capital(first);
    found.full = all_capital(name);
    *ret_name = found;
    return true;
}
