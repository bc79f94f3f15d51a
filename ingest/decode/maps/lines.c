/*
 * The text of a map: see lines.h. inih asks for a line at a time; what it would mend or cut is
 * found here before it sees the line, and a line with such an error is handed to it as a comment,
 * so that the errors behind it are found as well.
 */
#include "ingest/decode/maps/lines.h"

#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text/utf8.h"

struct reader {
    struct arena *arena;
    struct map_text *text;
    struct map_problems *problems;
    struct sv rest;
    int line;
    bool has_key; /* a line that begins with a blank continues something */
};

static struct map_section *
section_now(struct reader *in)
{
    return in->text->count == 0 ? NULL : &in->text->sections[in->text->count - 1];
}

static void
add_section(struct reader *in, struct sv name)
{
    struct map_text *text = in->text;
    for (size_t i = 0; i < text->count; i++)
        if (sv_eq(text->sections[i].name, name))
            map_error(in->problems, text->file, in->line,
                      "[" SV_FMT "] is there twice, first in line %d", SV_ARG(name),
                      text->sections[i].line);
    text->sections =
        memory_grow(text->sections, &text->size, text->count + 1, sizeof(*text->sections));
    text->sections[text->count++] =
        (struct map_section){.name = arena_copy(in->arena, name), .line = in->line};
}

static void
add_pair(struct reader *in, struct sv key, struct sv value)
{
    struct map_section *section = section_now(in);
    if (section == NULL)
        return;
    section->pairs =
        memory_grow(section->pairs, &section->size, section->count + 1, sizeof(*section->pairs));
    section->pairs[section->count++] =
        (struct map_pair){arena_copy(in->arena, key), arena_copy(in->arena, value), in->line};
}

/* The line as it stands: inih cuts comments off such lines or not, which depends on its release. */
static void
continue_pair(struct reader *in, struct sv more)
{
    struct map_section *section = section_now(in);
    if (section == NULL || section->count == 0)
        return;
    struct map_pair *pair = &section->pairs[section->count - 1];
    pair->value = arena_printf(in->arena, SV_FMT "%s" SV_FMT, SV_ARG(pair->value),
                               sv_empty(pair->value) ? "" : " ", SV_ARG(more));
}

/* ---- what inih would not say ---- */

static bool
check_section(struct reader *in, struct sv line)
{
    const char *file = in->text->file;
    in->has_key = false;
    size_t end = sv_find_char(line, ']');
    struct sv name = end == SIZE_MAX ? SV_NONE : sv_trim(sv_slice(line, 1, end));
    struct sv behind = end == SIZE_MAX ? SV_NONE : sv_trim(sv_slice(line, end + 1, line.len));
    if (end == SIZE_MAX)
        map_error(in->problems, file, in->line, "the section's ']' is missing");
    else if (sv_empty(name))
        map_error(in->problems, file, in->line, "the section has no name");
    else if (!sv_empty(behind) && behind.ptr[0] != ';' && behind.ptr[0] != '#')
        map_error(in->problems, file, in->line, "'" SV_FMT "' stands behind the section",
                  SV_ARG(behind));
    if (name.len >= MAP_NAME_BYTES)
        map_error(in->problems, file, in->line, "a section's name has at most %d bytes",
                  MAP_NAME_BYTES - 1);
    /* Also with an error: what follows belongs to this section, not to the one before. */
    add_section(in, sv_empty(name) ? SV("?") : name);
    return !sv_empty(name) && name.len < MAP_NAME_BYTES;
}

static bool
check_pair(struct reader *in, struct sv line)
{
    const char *file = in->text->file;
    size_t equals = sv_find_char(line, '='), colon = sv_find_char(line, ':');
    size_t before = in->problems->errors;
    struct sv key = equals == SIZE_MAX ? SV_NONE : sv_trim(sv_slice(line, 0, equals));
    if (equals == SIZE_MAX)
        map_error(
            in->problems, file, in->line,
            "no '=': write [section], key = value, or begin the line with a blank to continue");
    else if (colon < equals)
        map_error(in->problems, file, in->line, "':' before '=': a key is followed by '='");
    else if (sv_empty(key))
        map_error(in->problems, file, in->line, "no key before '='");
    else if (key.len >= MAP_NAME_BYTES)
        map_error(in->problems, file, in->line, "a key has at most %d bytes", MAP_NAME_BYTES - 1);
    else if (in->text->count == 0)
        map_error(in->problems, file, in->line, "'" SV_FMT "' stands before any [section]",
                  SV_ARG(key));
    in->has_key = before == in->problems->errors;
    return in->has_key;
}

/* True if inih may have the line. A continuation is taken here. */
static bool
check_line(struct reader *in, struct sv line)
{
    struct sv inner = sv_trim(line);
    if (line.len >= MAP_LINE_BYTES) {
        map_error(
            in->problems, in->text->file, in->line,
            "the line has %zu bytes, %d are the most; break it: lines that begin with a blank "
            "continue the one before",
            line.len, MAP_LINE_BYTES - 1);
        in->has_key = in->has_key || line.ptr[0] != '[';
        return false;
    }
    if (sv_empty(inner) || inner.ptr[0] == '#' || inner.ptr[0] == ';')
        return true;
    if (sv_blank(line.ptr[0])) {
        if (in->has_key)
            continue_pair(in, inner);
        else
            map_error(in->problems, in->text->file, in->line,
                      "the line begins with a blank, but there is nothing that it continues");
        return false;
    }
    return line.ptr[0] == '[' ? check_section(in, line) : check_pair(in, line);
}

/* ---- what inih asks for ---- */

static char *
take_line(char *text, int size, void *user)
{
    struct reader *in = user;
    struct sv line;
    if (!sv_split(&in->rest, '\n', &line) || (sv_empty(line) && in->rest.ptr == NULL))
        return NULL;
    in->line++;
    if (!sv_empty(line) && line.ptr[line.len - 1] == '\r')
        line.len--;
    if (!check_line(in, line))
        line = SV("#");
    snprintf(text, (size_t)size, SV_FMT "\n", SV_ARG(line));
    return text;
}

static int
take_pair(void *user, const char *section, const char *name, const char *value)
{
    struct reader *in = user;
    (void)section;
    add_pair(in, sv_from(name), sv_from(value));
    return 1;
}

void
map_lines_read(struct arena *arena, const char *file, struct sv text, struct map_problems *problems,
               struct map_text *ret_text)
{
    *ret_text = (struct map_text){.file = file};
    struct reader in = {.arena = arena, .text = ret_text, .problems = problems, .rest = text};
    if (sv_starts(text, SV("\xEF\xBB\xBF")))
        in.rest = sv_slice(text, 3, text.len);
    if (!utf8_storable(text)) {
        map_error(problems, file, 1, "the file is not UTF-8 text");
        return;
    }
    ini_use_stack = false;
    ini_max_line = 2 * MAP_LINE_BYTES;
    ini_initial_alloc = 2 * MAP_LINE_BYTES;
    ini_allow_multiline = false; /* continuations are taken before it sees them */
    ini_stop_on_first_error = false;
    int status = ini_parse_stream(take_line, &in, take_pair, &in);
    if (status != 0)
        map_error(problems, file, status > 0 ? status : 1, "the line cannot be read as INI");
}
