/*
 * Worlds as files, so that one that failed can be kept: see partworld.h.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "correlate/stored/advance.h"
#include "tests/lib/partworld.h"

#define LINE_MAX_BYTES 8192

/* ------------------------------------------------------------------ words */

static const struct {
    unsigned rule;
    const char *word;
} rules[] = {{ADVANCE_CHANGES, "changes"},       {ADVANCE_HOURS, "hours"}, {ADVANCE_LINES, "lines"},
             {ADVANCE_SHAPES, "shapes"},         {ADVANCE_NEXT, "next"},   {ADVANCE_PAST, "past"},
             {ADVANCE_CANDIDATES, "candidates"}, {ADVANCE_FOUND, "found"}, {ADVANCE_SAVED, "saved"},
             {ADVANCE_DECIDED, "decided"},       {ADVANCE_FRESH, "fresh"}, {ADVANCE_TIES, "ties"},
             {ADVANCE_LOOSE, "loose"},           {ADVANCE_ALIKE, "alike"}};

#define RULES (sizeof(rules) / sizeof(rules[0]))

const char *
partworld_rule(unsigned rule)
{
    for (size_t i = 0; i < RULES; i++)
        if (rules[i].rule == rule)
            return rules[i].word;
    return "";
}

/* What an event says in words: name in the file, member. */
static const struct {
    const char *name;
    size_t at;
} texts[] = {
#define TEXT(name)                                                                                 \
    {                                                                                              \
#name, offsetof(struct event, name)                                                        \
    }
    TEXT(source),       TEXT(title),    TEXT(body),        TEXT(fingerprint),
    TEXT(service),      TEXT(host),     TEXT(actor),       TEXT(channel),
    TEXT(thread_key),   TEXT(identity), TEXT(format),      TEXT(name_space),
    TEXT(incident_ref), TEXT(trace_id), TEXT(ref),         TEXT(correlation_key),
    TEXT(group_key),    TEXT(url),      TEXT(environment),
#undef TEXT
};

#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static struct sv *
text_at(const struct event *event, size_t text)
{
    return (struct sv *)((char *)event + texts[text].at);
}

/* ------------------------------------------------------------------ writing */

/* Tabs part fields, U+001F parts names: "\t", "\n" and "\u". */
static void
write_text(FILE *out, const char *name, struct sv text)
{
    if (text.len == 0)
        return;
    fprintf(out, "\t%s=", name);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\t' || text.ptr[i] == '\n' || text.ptr[i] == '\x1f')
            fprintf(out, "\\%c", text.ptr[i] == '\t' ? 't' : text.ptr[i] == '\n' ? 'n' : 'u');
        else
            fputc(text.ptr[i], out);
}

static void
write_time(FILE *out, const char *name, int64_t ns)
{
    int64_t ms = ns / NS_PER_MS - PARTWORLD_BEGIN_S * 1000;
    if (ns == TIME_NONE)
        return;
    fprintf(out, "\t%s=%lld", name, (long long)(ms / 1000));
    if (ms % 1000 != 0)
        fprintf(out, ".%03lld", (long long)(ms % 1000 < 0 ? -(ms % 1000) : ms % 1000));
}

static void
write_hex(FILE *out, const char *name, const uint8_t *bytes, size_t count)
{
    fprintf(out, "\t%s=", name);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%02x", bytes[i]);
}

static void
write_number(FILE *out, const char *name, int64_t number, int64_t otherwise)
{
    if (number != otherwise)
        fprintf(out, "\t%s=%lld", name, (long long)number);
}

static void
write_row(const struct observation *row, size_t place, FILE *out)
{
    const struct event *event = &row->event;
    size_t used = UID_BYTES;
    while (used > 2 && event->uid[used - 1] == 0)
        used--;
    fprintf(out, "%s", record_kind_word(event->record_kind));
    write_time(out, "at", event->event_time_ns);
    write_hex(out, "uid", event->uid, used);
    write_number(out, "severity", event->severity, 0);
    write_text(out, "phase", sv_from(event_phase_word(event->phase)));
    for (size_t i = 0; i < TEXTS; i++)
        if (!(sv_eq(*text_at(event, i), SV("made")) && strcmp(texts[i].name, "format") == 0) &&
            !(strcmp(texts[i].name, "body") == 0 && sv_eq(event->title, event->body)))
            write_text(out, texts[i].name, *text_at(event, i));
    write_number(out, "version", event->version, 0);
    write_number(out, "stream", row->at.stream_id, 1);
    write_number(out, "offset", row->at.offset, (int64_t)place);
    struct sha256 usual;
    sha256_of(event->uid, UID_BYTES, &usual);
    if (memcmp(&usual, &row->sha256, sizeof(usual)) != 0)
        write_hex(out, "sha256", row->sha256.bytes, 8);
    fprintf(out, "\n");
}

static void
write_declaration(const struct declaration *declaration, FILE *out)
{
    fprintf(out, "declaration");
    write_time(out, "at", declaration->from_ns);
    write_time(out, "to", declaration->to_ns);
    write_text(out, "id", declaration->id);
    write_text(out, "title", declaration->title);
    write_text(out, "service", declaration->service);
    write_text(out, "by", declaration->declared_by);
    fprintf(out, "\n");
}

static void
write_world(const struct partworld *world, FILE *out)
{
    size_t row = 0, declaration = 0, decision = 0;
    for (size_t s = 0; s < world->step_count; s++) {
        for (; row < world->steps[s].rows; row++)
            write_row(&world->all.rows[row], row, out);
        for (; declaration < world->steps[s].declarations; declaration++)
            write_declaration(&world->all.declarations[declaration], out);
        for (; decision < world->steps[s].decisions; decision++)
            fprintf(out, "decision\t" SV_FMT "\n", SV_ARG(world->all.decisions[decision].content));
        fprintf(out, "batch\n");
    }
}

void
partworld_write(const struct partworld *world, FILE *out)
{
    if (world->left_out != 0) {
        fprintf(out, "left_out");
        for (size_t i = 0; i < RULES; i++)
            if ((world->left_out & rules[i].rule) != 0)
                fprintf(out, "\t%s", rules[i].word);
        fprintf(out, "\n");
    }
    if (!world->opens_candidates)
        fprintf(out, "candidates\tnone\n");
    write_world(world, out);
}

/* ------------------------------------------------------------------ reading */

struct reading {
    struct partworld *world;
    struct arena *arena;
};

static struct sv
read_text(struct arena *arena, const char *text)
{
    char *to = arena_alloc(arena, strlen(text) + 1);
    size_t len = 0;
    for (; *text != '\0'; text++)
        if (text[0] == '\\' && (text[1] == 't' || text[1] == 'n' || text[1] == 'u')) {
            to[len++] = (char)(text[1] == 't' ? '\t' : text[1] == 'n' ? '\n' : '\x1f');
            text++;
        } else {
            to[len++] = *text;
        }
    return sv_of(to, len);
}

static bool
read_time(const char *text, int64_t *ret_ns)
{
    char *end;
    double seconds = strtod(text, &end);
    int64_t ms = (int64_t)(seconds * 1000 + (seconds < 0 ? -0.5 : 0.5));
    *ret_ns = PARTWORLD_BEGIN_S * NS_PER_S + ms * NS_PER_MS;
    return end != text && *end == '\0';
}

static bool
read_number(const char *text, int64_t *ret_number)
{
    char *end;
    *ret_number = strtoll(text, &end, 10);
    return end != text && *end == '\0';
}

static bool
read_hex(const char *text, uint8_t *bytes, size_t most)
{
    size_t count = strlen(text) / 2;
    memset(bytes, 0, most);
    for (size_t i = 0; i < count && i < most; i++) {
        char digits[] = {text[2 * i], text[2 * i + 1], '\0'}, *end;
        bytes[i] = (uint8_t)strtoul(digits, &end, 16);
        if (*end != '\0')
            return false;
    }
    return count > 0 && count <= most && strlen(text) % 2 == 0;
}

/* Cuts "NAME=TEXT" off a line; false: nothing is left, or it is something else (*ret_name NULL). */
static bool
next_field(char **line, const char **ret_name, char **ret_text)
{
    char *field = strsep(line, "\t");
    *ret_name = "";
    if (field == NULL)
        return false;
    *ret_text = strchr(field, '=');
    *ret_name = *ret_text == NULL ? NULL : field;
    if (*ret_text != NULL)
        *(*ret_text)++ = '\0';
    return *ret_text != NULL;
}

static bool
read_row_field(struct reading *reading, struct observation *row, const char *name, char *text,
               bool *ret_digest)
{
    struct event *event = &row->event;
    int64_t number;
    if (strcmp(name, "at") == 0)
        return read_time(text, &event->event_time_ns);
    if (strcmp(name, "uid") == 0)
        return read_hex(text, event->uid, UID_BYTES);
    if (strcmp(name, "sha256") == 0)
        return *ret_digest = read_hex(text, row->sha256.bytes, sizeof(row->sha256.bytes));
    if (strcmp(name, "phase") == 0)
        return (event->phase = event_phase_read(sv_from(text))) != PHASE_NONE;
    for (size_t i = 0; i < TEXTS; i++)
        if (strcmp(name, texts[i].name) == 0) {
            *text_at(event, i) = read_text(reading->arena, text);
            return true;
        }
    if (!read_number(text, &number))
        return false;
    if (strcmp(name, "severity") == 0)
        event->severity = (int)number;
    else if (strcmp(name, "version") == 0)
        event->version = number;
    else if (strcmp(name, "stream") == 0)
        row->at.stream_id = number;
    else if (strcmp(name, "offset") == 0)
        row->at.offset = number;
    else
        return false;
    return row->at.stream_id >= 1 && row->at.stream_id <= PARTWORLD_STREAMS;
}

static bool
read_row(struct reading *reading, enum record_kind kind, char *line)
{
    struct tellworld *all = &reading->world->all;
    const char *name;
    char *text;
    bool digest = false;
    if (all->count == TELLWORLD_ROWS_MAX)
        return false;
    struct observation *row = &all->rows[all->count];
    *row = (struct observation){.topic = SV("t"), .incarnation = 1};
    row->at = (struct coordinates){.stream_id = 1, .offset = (int64_t)all->count};
    row->event = (struct event){.kind = record_kind_event_kind(kind),
                                .record_kind = kind,
                                .precision = PRECISION_SECOND,
                                .scope = SV("default"),
                                .format = SV("made"),
                                .identified = true};
    row->event.uid[0] = 0xff;
    row->event.uid[1] = (uint8_t)all->count++;
    while (next_field(&line, &name, &text))
        if (!read_row_field(reading, row, name, text, &digest))
            return false;
    if (row->event.body.len == 0)
        row->event.body = row->event.title;
    if (!digest)
        sha256_of(row->event.uid, UID_BYTES, &row->sha256);
    row->partition = (int32_t)row->at.stream_id - 1;
    return name != NULL && row->event.event_time_ns != 0;
}

static bool
read_declaration(struct reading *reading, char *line)
{
    struct tellworld *all = &reading->world->all;
    const char *name;
    char *text;
    bool good = all->declaration_count < TELLWORLD_DECLARATIONS_MAX;
    if (!good)
        return false;
    struct declaration *declaration = &all->declarations[all->declaration_count++];
    *declaration = (struct declaration){.to_ns = TIME_NONE, .declared_by = SV("mia.roth")};
    while (good && next_field(&line, &name, &text)) {
        struct sv value = read_text(reading->arena, text);
        if (strcmp(name, "at") == 0)
            good = read_time(text, &declaration->from_ns);
        else if (strcmp(name, "to") == 0)
            good = read_time(text, &declaration->to_ns);
        else if (strcmp(name, "id") == 0)
            declaration->id = value;
        else if (strcmp(name, "title") == 0)
            declaration->title = value;
        else if (strcmp(name, "service") == 0)
            declaration->service = value;
        else if (strcmp(name, "by") == 0)
            declaration->declared_by = value;
        else
            good = false;
    }
    return good && name != NULL && declaration->id.len > 0;
}

static bool
read_decision(struct reading *reading, char *line)
{
    struct tellworld *all = &reading->world->all;
    struct err err;
    if (all->decision_count == TELLWORLD_DECISIONS_MAX || line == NULL)
        return false;
    struct sv content = arena_copy(reading->arena, sv_from(line));
    return decision_read(reading->arena, content, &all->decisions[all->decision_count++], &err) ==
           0;
}

static bool
read_rules(struct reading *reading, char *line)
{
    for (const char *word; (word = strsep(&line, "\t")) != NULL;) {
        unsigned found = 0;
        for (size_t i = 0; i < RULES; i++)
            found |= strcmp(word, rules[i].word) == 0 ? rules[i].rule : 0;
        if (found == 0)
            return false;
        reading->world->left_out |= found;
    }
    return reading->world->left_out != 0;
}

static bool
end_batch(struct partworld *world)
{
    if (world->step_count == PARTWORLD_STEPS_MAX)
        return false;
    world->steps[world->step_count++] = (struct partworld_step){
        world->all.count, world->all.declaration_count, world->all.decision_count};
    return true;
}

static bool
read_line(struct reading *reading, char *line)
{
    line[strcspn(line, "\n")] = '\0';
    if (line[0] == '\0' || line[0] == '#')
        return true;
    const char *word = strsep(&line, "\t");
    enum record_kind kind = record_kind_read(sv_from(word));
    if (kind != RECORD_NONE)
        return read_row(reading, kind, line);
    if (strcmp(word, "declaration") == 0)
        return read_declaration(reading, line);
    if (strcmp(word, "decision") == 0)
        return read_decision(reading, line);
    if (strcmp(word, "left_out") == 0)
        return read_rules(reading, line);
    if (strcmp(word, "batch") == 0)
        return end_batch(reading->world);
    reading->world->opens_candidates = false;
    return strcmp(word, "candidates") == 0 && line != NULL && strcmp(line, "none") == 0;
}

bool
partworld_read(struct partworld *world, struct arena *arena, const char *path)
{
    struct reading reading = {world, arena};
    char line[LINE_MAX_BYTES];
    FILE *in = fopen(path, "r");
    size_t number = 0;
    bool good = in != NULL;
    *world = (struct partworld){.opens_candidates = true};
    while (good && fgets(line, sizeof(line), in) != NULL) {
        number++;
        good = read_line(&reading, line);
    }
    if (in != NULL)
        fclose(in);
    if (!good)
        fprintf(stderr, "%s, line %zu: cannot be read\n", path, number);
    return good && world->step_count > 0;
}
