/*
 * Alerts that open no incident: see quiet.h. Called by record_of() for each alert.
 */
#include "correlate/group/quiet.h"

#include "base/text/word_char.h"

#define CELLS 3
#define TEXT_BYTES_MAX 4000 /* of an alert's text, in which words are looked for */

/* ASCII without regard to the locale. */
static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* A word ends at whatever belongs to none; the underscore of names is taken for a blank. */
static bool
of_word(char c)
{
    return text_is_word_char(c) && c != '_';
}

static bool
next_word(struct sv *text, struct sv *ret_word)
{
    size_t from = 0, to;
    while (from < text->len && !of_word(text->ptr[from]))
        from++;
    for (to = from; to < text->len && of_word(text->ptr[to]);)
        to++;
    *ret_word = sv_slice(*text, from, to);
    *text = sv_slice(*text, to, text->len);
    return ret_word->len > 0;
}

/* True if the text begins with these words. */
static bool
begins_with(struct sv text, struct sv words)
{
    struct sv wanted, word;
    while (next_word(&words, &wanted))
        if (!next_word(&text, &word) || !sv_eq_nocase(word, wanted))
            return false;
    return true;
}

static bool
has_words(struct sv text, struct sv words)
{
    struct sv rest = sv_slice(text, 0, text.len < TEXT_BYTES_MAX ? text.len : TEXT_BYTES_MAX), word;
    for (struct sv here = rest; next_word(&rest, &word); here = rest)
        if (begins_with(here, words))
            return true;
    return false;
}

/* "[FIRING:1] Watchdog": what a tool puts in front is not part of the name. */
static struct sv
without_prefix(struct sv name)
{
    const char *end = name.len > 0 && name.ptr[0] == '[' ? memchr(name.ptr, ']', name.len) : NULL;
    return end == NULL ? name : sv_slice(name, (size_t)(end - name.ptr) + 1, name.len);
}

/* "Dead man's switch" is "DeadMansSwitch". */
static bool
same_name(struct sv name, struct sv words)
{
    size_t n = 0, w = 0;
    name = without_prefix(name);
    for (;;) {
        while (n < name.len && !of_word(name.ptr[n]))
            n++;
        while (w < words.len && !of_word(words.ptr[w]))
            w++;
        if (n == name.len || w == words.len)
            return n == name.len && w == words.len;
        if (lower(name.ptr[n++]) != lower(words.ptr[w++]))
            return false;
    }
}

static bool
fits(const struct quiet_line *line, const struct event *event)
{
    if (line->where == QUIET_NAME)
        return same_name(event->ref, line->words) || same_name(event->title, line->words);
    return has_words(event->ref, line->words) || has_words(event->title, line->words) ||
           (line->where == QUIET_TEXT && has_words(event->body, line->words));
}

static bool
read_where(struct sv word, enum quiet_where *ret_where)
{
    static const char *const words[] = {"name", "title", "text"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sv_eq(word, sv_from(words[i]))) {
            *ret_where = (enum quiet_where)i;
            return true;
        }
    return false;
}

static bool
read_line(struct sv line, struct quiet_line *ret_line)
{
    struct sv cells[CELLS], more, word;
    size_t count = 0;
    while (count < CELLS && sv_split(&line, '\t', &cells[count]))
        cells[count] = sv_trim(cells[count]), count++;
    if (count < CELLS || sv_split(&line, '\t', &more) || cells[0].len == 0 ||
        !read_where(cells[1], &ret_line->where))
        return false;
    ret_line->kind = cells[0];
    ret_line->words = more = cells[2];
    return next_word(&more, &word); /* what has no words would fit every alert */
}

int
quiet_alerts_read(struct arena *arena, struct sv text, struct quiet_alerts *ret_alerts,
                  struct err *err)
{
    struct sv line, rest = text;
    size_t count = 0;
    while (sv_split(&rest, '\n', &line))
        count++;
    struct quiet_line *lines = ARENA_ARRAY(arena, struct quiet_line, count + 1);
    count = 0;
    for (int number = 1; sv_split(&text, '\n', &line); number++) {
        if (sv_trim(line).len == 0 || line.ptr[0] == '#')
            continue;
        if (!read_line(line, &lines[count++]))
            return err_set(err, ERR_CONFIG,
                           "alerts that open nothing, line %d: expected a kind, name, title or "
                           "text, and words, separated by tabs",
                           number);
    }
    *ret_alerts = (struct quiet_alerts){lines, count};
    return 0;
}

enum quiet
quiet_of(const struct quiet_alerts *alerts, const struct event *event, struct sv *ret_reason)
{
    for (size_t i = 0; i < alerts->count; i++)
        if (fits(&alerts->lines[i], event)) {
            *ret_reason = alerts->lines[i].kind;
            return QUIET_NO_TROUBLE;
        }
    if (event->severity == SEVERITY_UNSET || event->severity >= SEVERITY_WARN ||
        event->incident_ref.len > 0)
        return QUIET_NOT;
    *ret_reason = SV("severity below warning");
    return QUIET_MINOR;
}
