/*
 * Rules that suppress alerts, out of their text: see suppress.h.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "correlate/group/suppress.h"

#define CELLS 5
#define TIME_BYTES 64

static const struct {
    const char *word;
    enum suppress_kind kind;
    size_t cells;
    const char *expected;
} kinds[] = {
    {"inhibit", SUPPRESS_INHIBIT, 5, "a name, matchers of the source, of the target, and labels"},
    {"window", SUPPRESS_WINDOW, 5, "a name, a time, a later time, and matchers"},
    {"flapping", SUPPRESS_FLAPPING, 5, "a name, how often (1 to 1000), a time, and matchers"},
};

/* A label's name, "=" or "!=", and what it is to be. */
static bool
read_matcher(struct sv text, struct suppress_matcher *ret_matcher)
{
    size_t at = sv_find_char(text, '=');
    if (at == SIZE_MAX || at == 0)
        return false;
    bool differs = text.ptr[at - 1] == '!';
    *ret_matcher = (struct suppress_matcher){
        .label = sv_trim(sv_slice(text, 0, at - differs)),
        .value = sv_trim(sv_slice(text, at + 1, text.len)),
        .differs = differs,
    };
    /* "=~" of other tools' rules would be taken for a text that nothing has. */
    return ret_matcher->label.len > 0 && !sv_starts(ret_matcher->value, SV("~"));
}

/* "*" alone: every alert. */
static bool
read_side(struct sv text, struct suppress_side *ret_side)
{
    struct sv part, rest = text;
    *ret_side = (struct suppress_side){.count = 0};
    if (sv_eq(text, SV("*")))
        return true;
    while (sv_split(&rest, ',', &part)) {
        if (ret_side->count == SUPPRESS_LABELS_MAX ||
            !read_matcher(sv_trim(part), &ret_side->matchers[ret_side->count]))
            return false;
        ret_side->count++;
    }
    return true;
}

/* "-": none. */
static bool
read_equal(struct sv text, struct suppress_rule *rule)
{
    struct sv part, rest = text;
    if (sv_eq(text, SV("-")))
        return true;
    while (sv_split(&rest, ',', &part)) {
        if (rule->equal_count == SUPPRESS_LABELS_MAX || sv_trim(part).len == 0)
            return false;
        rule->equal[rule->equal_count++] = sv_trim(part);
    }
    return true;
}

static bool
read_time(struct sv text, int64_t *ret_ms)
{
    char copy[TIME_BYTES];
    int64_t ns;
    if (text.len >= sizeof(copy))
        return false;
    snprintf(copy, sizeof(copy), SV_FMT, SV_ARG(text));
    if (time_parse_arg("time", copy, &ns, NULL) != 0)
        return false;
    *ret_ms = ns / NS_PER_MS;
    return true;
}

static bool
read_duration(struct sv text, int64_t *ret_ms)
{
    char copy[TIME_BYTES];
    int64_t ns;
    if (text.len >= sizeof(copy))
        return false;
    snprintf(copy, sizeof(copy), SV_FMT, SV_ARG(text));
    if (duration_parse(copy, &ns, NULL) != 0 || ns < NS_PER_S || ns > 3650 * NS_PER_DAY)
        return false;
    *ret_ms = ns / NS_PER_MS;
    return true;
}

static bool
read_cells(const struct sv cells[CELLS], struct suppress_rule *rule)
{
    rule->name = cells[1];
    if (rule->name.len == 0)
        return false;
    switch (rule->kind) {
    case SUPPRESS_INHIBIT:
        return read_side(cells[2], &rule->source) && read_side(cells[3], &rule->target) &&
               read_equal(cells[4], rule);
    case SUPPRESS_WINDOW:
        return read_time(cells[2], &rule->from_ms) && read_time(cells[3], &rule->to_ms) &&
               rule->from_ms < rule->to_ms && read_side(cells[4], &rule->target);
    case SUPPRESS_FLAPPING:
        return sv_to_int64(cells[2], &rule->count) && rule->count >= 1 &&
               rule->count <= SUPPRESS_FLAPS_MAX && read_duration(cells[3], &rule->within_ms) &&
               read_side(cells[4], &rule->target);
    }
    return false;
}

static int
read_line(struct sv line, int number, struct suppress_rule *ret_rule, struct err *err)
{
    struct sv cells[CELLS], rest = line, more;
    size_t count = 0, kind = 0, known = sizeof(kinds) / sizeof(kinds[0]);
    while (count < CELLS && sv_split(&rest, '\t', &more))
        cells[count++] = sv_trim(more);
    while (kind < known && !sv_eq(cells[0], sv_from(kinds[kind].word)))
        kind++;
    if (kind == known)
        return err_set(err, ERR_CONFIG,
                       "suppression, line %d: '" SV_FMT "' is not inhibit, window or flapping",
                       number, SV_ARG(cells[0]));
    *ret_rule = (struct suppress_rule){.kind = kinds[kind].kind};
    if (count == kinds[kind].cells && !sv_split(&rest, '\t', &more) && read_cells(cells, ret_rule))
        return 0;
    return err_set(err, ERR_CONFIG, "suppression, line %d: %s needs %s, separated by tabs", number,
                   kinds[kind].word, kinds[kind].expected);
}

int
suppress_rules_read(struct arena *arena, struct sv text, struct suppress_rules *ret_rules,
                    struct err *err)
{
    struct sv line, rest = text;
    size_t lines = 0, count = 0;
    while (sv_split(&rest, '\n', &line))
        lines += sv_trim(line).len > 0 && line.ptr[0] != '#';
    if (lines > SUPPRESS_RULES_MAX)
        return err_set(err, ERR_CONFIG, "suppression: more than %d rules", SUPPRESS_RULES_MAX);
    struct suppress_rule *rules = ARENA_ARRAY(arena, struct suppress_rule, lines + 1);
    for (int number = 1; sv_split(&text, '\n', &line); number++) {
        if (sv_trim(line).len == 0 || line.ptr[0] == '#')
            continue;
        if (read_line(line, number, &rules[count++], err) != 0)
            return -1;
    }
    *ret_rules = (struct suppress_rules){rules, count};
    return 0;
}
