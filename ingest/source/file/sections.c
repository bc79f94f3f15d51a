/*
 * Entries over many lines: see sections.h.
 */
#include "ingest/source/file/sections.h"

#include "ingest/parse/chars.h"
#include "ingest/parse/slo_yaml.h"

static struct sv
next_line(struct sv *rest)
{
    struct sv line = SV_NONE;
    if (sv_split(rest, '\n', &line) && line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* ---- git log ---- */

/* "commit 4be19c07d2f3", perhaps with the names of branches behind it. */
static bool
is_commit(struct sv line)
{
    size_t hash = 0;
    if (!sv_starts(line, SV("commit ")))
        return false;
    line = sv_slice(line, 7, line.len);
    while (is_hex(char_at(line, hash)))
        hash++;
    return hash >= 7 && hash <= 64 &&
           (hash == line.len || sv_starts(sv_slice(line, hash, line.len), SV(" (")));
}

/* ---- requests ---- */

static bool
is_request(struct sv line)
{
    static const char *const methods[] = {"POST ", "PUT ", "PATCH ", "GET ", "DELETE "};
    size_t version = line.len;
    while (version > 0 && line.ptr[version - 1] != ' ')
        version--;
    struct sv words = sv_slice(line, version, line.len);
    bool ends = sv_starts(words, SV("HTTP/1.")) || sv_eq(words, SV("HTTP/2")) ||
                sv_eq(words, SV("HTTP/2.0"));
    for (size_t i = 0; ends && i < sizeof(methods) / sizeof(methods[0]); i++) {
        struct sv method = sv_from(methods[i]);
        if (sv_starts(line, method) && version > method.len + 1)
            return sv_find_char(sv_slice(line, method.len, version - 1), ' ') == SIZE_MAX;
    }
    return false;
}

/* ---- YAML ---- */

static bool
is_divider(struct sv line)
{
    line = sv_trim(line);
    return sv_eq(line, SV("---")) || sv_starts(line, SV("--- #"));
}

/* More than blanks, remarks and dividers. */
static bool
says_yaml(struct sv line)
{
    return !is_divider(line) && !sv_empty(sv_trim(line)) && sv_trim(line).ptr[0] != '#';
}

const struct file_sections *
file_sections(struct sv start)
{
    static const struct file_sections commits = {is_commit, NULL}, requests = {is_request, NULL},
                                      documents = {is_divider, says_yaml};
    struct sv rest = start, first = next_line(&rest), second = next_line(&rest);
    if (is_commit(first) && (sv_starts(second, SV("Author:")) || sv_starts(second, SV("Merge:"))))
        return &commits;
    size_t colon = sv_find_char(second, ':');
    if (is_request(first) && (sv_empty(second) || (colon != SIZE_MAX && colon > 0)))
        return &requests;
    return slo_yaml_told(start) ? &documents : NULL;
}

size_t
file_section_length(const struct file_sections *sections, struct sv text)
{
    bool said = sections->says == NULL;
    size_t at = 0;
    for (size_t end; (end = sv_find_char(sv_slice(text, at, text.len), '\n')) != SIZE_MAX;
         at += end + 1) {
        struct sv line = sv_slice(text, at, at + end);
        if (line.len > 0 && line.ptr[line.len - 1] == '\r')
            line.len--;
        if (at > 0 && said && sections->begins(line))
            return at;
        said = said || sections->says(line);
    }
    return 0;
}
