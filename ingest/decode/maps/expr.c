/*
 * Compiling exprs: see expr.h. Regexes become machine code where PCRE2 can do that.
 */
#include "ingest/decode/maps/expr.h"

#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "ingest/decode/maps/split.h"

static size_t alternatives_made; /* maps are read on one thread */

/* Who compiles what, for whom. */
struct compiling {
    struct arena *arena;
    int line;
    enum map_key key;
    const struct map_tables *tables;
    const char *file;
    struct map_problems *problems;
};

#define WRONG(in, ...) (map_error((in)->problems, (in)->file, (in)->line, __VA_ARGS__), false)

const struct map_table *
map_tables_find(const struct map_tables *tables, struct sv name)
{
    for (size_t i = 0; i < tables->own_count; i++)
        if (sv_eq(tables->own[i].name, name))
            return &tables->own[i];
    for (size_t i = 0; i < tables->common_count; i++)
        if (sv_eq(tables->common[i].name, name))
            return &tables->common[i];
    return NULL;
}

/* ---- steps ---- */

static bool
read_regex(const struct compiling *in, struct sv text, struct map_step *step)
{
    int error = 0;
    size_t at = 0;
    uint32_t groups = 0;
    struct sv inner = sv_slice(text, 1, text.len - 1);
    if (text.len < 3 || text.ptr[text.len - 1] != '/')
        return WRONG(in, SV_FMT ": the /regex/ is empty or not closed", SV_ARG(text));
    pcre2_code *code = pcre2_compile(
        (PCRE2_SPTR)inner.ptr, inner.len,
        PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_UTF_CHECK, &error, &at, NULL);
    if (code == NULL) {
        PCRE2_UCHAR why[120];
        pcre2_get_error_message(error, why, sizeof(why));
        return WRONG(in, SV_FMT ": %s at %zu", SV_ARG(text), (const char *)why, at);
    }
    (void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* else it is interpreted */
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
    *step = (struct map_step){.kind = STEP_REGEX, .name = inner, .code = code, .group = groups > 0};
    return true;
}

/* A table at the end of a closed key must say words of that key. */
static bool
check_results(const struct compiling *in, const struct map_word *word,
              const struct map_table *table)
{
    if (map_key_takes(in->key, word->result))
        return true;
    const char *near = map_word_nearest(in->key, arena_strdup(in->arena, word->result));
    map_error(in->problems, in->file, word->line,
              "[words " SV_FMT "]: " SV_FMT " is not a %s%s%s%s", SV_ARG(table->name),
              SV_ARG(word->result), map_key_word(in->key), near == NULL ? "" : " (",
              near == NULL ? "" : near, near == NULL ? "" : "?)");
    return false;
}

static bool
check_table(const struct compiling *in, const struct map_table *table)
{
    bool fine = true;
    for (size_t i = 0; i < table->exact_count && fine; i++)
        fine = check_results(in, &table->exact[i], table);
    for (size_t i = 0; i < table->glob_count && fine; i++)
        fine = check_results(in, &table->globs[i], table);
    for (size_t i = 0; i < table->range_count && fine; i++)
        fine = check_results(in, &table->ranges[i].word, table);
    return fine;
}

static bool
read_step(const struct compiling *in, struct sv text, bool last, struct map_step *step)
{
    if (!sv_empty(text) && text.ptr[0] == '/')
        return read_regex(in, text, step);
    if (sv_eq(text, SV("host")) || sv_eq(text, SV("html"))) {
        *step = (struct map_step){.kind = text.ptr[1] == 'o' ? STEP_HOST : STEP_HTML};
        return true;
    }
    const struct map_table *table = map_tables_find(in->tables, text);
    if (table == NULL)
        return WRONG(in, "no table [words " SV_FMT "]", SV_ARG(text));
    *step = (struct map_step){.kind = STEP_TABLE, .table = table, .name = table->name};
    return !last || in->key == MAP_KEYS || !map_key_closed(in->key) || check_table(in, table);
}

/* ---- sources ---- */

static bool
add_piece(const struct compiling *in, struct map_alternative *to, struct sv text, bool path)
{
    struct map_piece *piece = &to->pieces[to->piece_count];
    char why[MAP_WHY_BYTES];
    *piece = (struct map_piece){.text = text, .is_path = path};
    to->piece_count++;
    if (!path)
        return true;
    piece->optional = text.len > 0 && text.ptr[text.len - 1] == '?';
    if (!map_path_read(in->arena, sv_slice(text, 0, text.len - piece->optional), &piece->path, why))
        return WRONG(in, "{" SV_FMT "}: %s", SV_ARG(text), why);
    return true;
}

/* "text with {path} and {path?}" */
static bool
read_quoted(const struct compiling *in, struct sv text, struct map_alternative *to)
{
    if (text.len < 2 || text.ptr[text.len - 1] != '"')
        return WRONG(in, SV_FMT ": the text is not closed", SV_ARG(text));
    struct sv rest = sv_slice(text, 1, text.len - 1);
    to->quoted = true;
    to->pieces = ARENA_ARRAY(in->arena, struct map_piece, rest.len + 1);
    while (!sv_empty(rest)) {
        bool path = rest.ptr[0] == '{';
        size_t end = sv_find_char(rest, path ? '}' : '{');
        if (path && end == SIZE_MAX)
            return WRONG(in, SV_FMT ": a '{' is not closed", SV_ARG(text));
        end = end == SIZE_MAX ? rest.len : end;
        if (!add_piece(in, to, sv_slice(rest, path ? 1 : 0, end), path))
            return false;
        rest = sv_slice(rest, path ? end + 1 : end, rest.len);
    }
    return true;
}

static bool
read_source(const struct compiling *in, struct sv text, bool alone, struct map_alternative *to)
{
    char why[MAP_WHY_BYTES];
    if (sv_empty(text))
        return WRONG(in, "an alternative is empty");
    if (text.ptr[0] == '"')
        return read_quoted(in, text, to);
    if (alone && in->key != MAP_KEYS && map_key_takes(in->key, text)) {
        to->quoted = true;
        to->pieces = ARENA_ARRAY(in->arena, struct map_piece, 1);
        return add_piece(in, to, text, false);
    }
    if (!map_path_read(in->arena, text, &to->path, why))
        return WRONG(in, "%s", why);
    return true;
}

/* ---- the whole ---- */

static bool
read_alternative(const struct compiling *in, struct sv text, struct map_alternative *to)
{
    struct sv part, rest = text;
    bool open = false;
    size_t count = map_split_count(text, MARK_STEP);
    *to = (struct map_alternative){.text = text, .number = alternatives_made++};
    map_split(&rest, MARK_STEP, true, &part, &open);
    if (open)
        return WRONG(in, SV_FMT ": a quote, bracket or /regex/ is not closed", SV_ARG(text));
    if (!read_source(in, part, count == 1, to))
        return false;
    to->steps = ARENA_ARRAY(in->arena, struct map_step, count);
    while (map_split(&rest, MARK_STEP, false, &part, &open)) {
        if (open)
            return WRONG(in, SV_FMT ": a quote, bracket or /regex/ is not closed", SV_ARG(text));
        if (!read_step(in, part, rest.ptr == NULL, &to->steps[to->step_count]))
            return false;
        to->step_count++;
    }
    return true;
}

bool
map_expr_read(struct arena *arena, struct sv text, int line, enum map_key key,
              const struct map_tables *tables, const char *file, struct map_problems *problems,
              struct map_expr *ret_expr)
{
    const struct compiling in = {arena, line, key, tables, file, problems};
    size_t count = map_split_count(text, MARK_ALTERNATIVE);
    struct sv rest = text, part;
    bool open = false, fine = true;
    *ret_expr = (struct map_expr){.text = text, .line = line};
    if (count == 0)
        return WRONG(&in, "there is nothing behind '='");
    if (count > MAP_ALTERNATIVES_MAX)
        return WRONG(&in, "%zu alternatives, %d are the most", count, MAP_ALTERNATIVES_MAX);
    ret_expr->alternatives = ARENA_ARRAY(arena, struct map_alternative, count + 1);
    while (map_split(&rest, MARK_ALTERNATIVE, ret_expr->count == 0, &part, &open))
        fine = read_alternative(&in, part, &ret_expr->alternatives[ret_expr->count++]) && fine;
    return fine && ret_expr->count > 0;
}

void
map_expr_release(struct map_expr *expr)
{
    for (size_t i = 0; i < expr->count; i++)
        for (size_t k = 0; k < expr->alternatives[i].step_count; k++)
            pcre2_code_free(expr->alternatives[i].steps[k].code);
    expr->count = 0;
}

size_t
map_alternative_count(void)
{
    return alternatives_made;
}
