/*
 * Whose objectives a document defines: see slo_yaml.h.
 */
#include "ingest/parse/slo_yaml.h"

#include "ingest/parse/chars.h"

/* "apiVersion: openslo/v1", "version: 'prometheus/v1'": a line of the first level. */
static enum slo_tool
tool_of_line(struct sv line)
{
    static const struct {
        const char *key, *value;
        enum slo_tool tool;
    } signs[] = {{"apiVersion:", "openslo/", SLO_OPENSLO},
                 {"apiVersion:", "openslo.com/", SLO_OPENSLO},
                 {"apiVersion:", "pyrra.dev/", SLO_PYRRA},
                 {"apiVersion:", "sloth.slok.dev/", SLO_SLOTH},
                 {"version:", "prometheus/v1", SLO_SLOTH}};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        struct sv key = sv_from(signs[i].key);
        if (!sv_starts(line, key))
            continue;
        struct sv value = sv_trim(sv_slice(line, key.len, line.len));
        value = is_one_of(char_at(value, 0), "\"'") ? sv_slice(value, 1, value.len) : value;
        if (sv_starts(value, sv_from(signs[i].value)))
            return signs[i].tool;
    }
    return SLO_NONE;
}

enum slo_tool
slo_yaml_tool(struct sv document)
{
    enum slo_tool tool = SLO_NONE;
    struct sv line;
    while (tool == SLO_NONE && sv_split(&document, '\n', &line))
        tool = tool_of_line(line);
    return tool;
}

/* A document begins with a key, or with what may stand before one. */
bool
slo_yaml_told(struct sv text)
{
    return (is_letter(char_at(text, 0)) || is_one_of(char_at(text, 0), "#-\n\r")) &&
           slo_yaml_tool(text) != SLO_NONE;
}
