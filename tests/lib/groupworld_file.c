/*
 * Worlds as files, one delivery a line, so that one that failed can be kept: see groupworld.h.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/lib/groupworld.h"

#define FIELDS 20
#define LINE_MAX_BYTES 8192

static const char *const roles[] = {"alert", "declared", "change", "log", "chat"};

static void
write_words(const struct work_record *record, FILE *out)
{
    if (record->observation == NULL) {
        fprintf(out, "\t\t\t\t\t\t");
        return;
    }
    const struct event *event = &record->observation->event;
    fprintf(out, "\t%d\t" SV_FMT "\t" SV_FMT "\t" SV_FMT "\t" SV_FMT "\t" SV_FMT, (int)event->phase,
            SV_ARG(event->channel), SV_ARG(event->actor), SV_ARG(event->service),
            SV_ARG(event->host), SV_ARG(event->title));
}

static void
write_keys(const struct work_record *record, FILE *out)
{
    for (size_t k = 0; k < record->key_count; k++)
        fprintf(out, "%s%s=" SV_FMT, k > 0 ? "," : "", key_kind_word(record->keys[k].kind),
                SV_ARG(record->keys[k].value));
}

void
groupworld_write(const struct groupworld *world, unsigned left_out, FILE *out)
{
    const struct correlation_config *config = &world->config;
    fprintf(out, "left_out\tneighbours\tlevels\tfamiliar\tsoft_span_ms\tmax_span_ms\treach_ms\n");
    fprintf(out, "%u\t%d\t%d\t%d\t%lld\t%lld\t%lld\n", left_out, config->neighbours, config->levels,
            config->familiar_count, (long long)config->soft_span_ms, (long long)config->max_span_ms,
            (long long)config->reach_ms);
    fprintf(out,
            "ends_batch\tversion\tms\tsource\tuid\trole\tfingerprint\tlife\tseverity\texplicit"
            "\tquiet\tto_ms\tfor_service\tkeys\tphase\tchannel\tactor\tservice\thost\ttitle\n");
    for (size_t i = 0; i < world->count; i++) {
        const struct work_record *record = &world->deliveries[i].record;
        const struct declaration *declaration = record->declaration;
        int64_t to_ns = declaration == NULL ? TIME_NONE : declaration->to_ns;
        fprintf(out, "%d\t%d\t%lld\t" SV_FMT "\t" SV_FMT "\t%s\t" SV_FMT "\t%d\t%d\t" SV_FMT "\t%d",
                world->deliveries[i].ends_batch, world->deliveries[i].version,
                (long long)record->ms, SV_ARG(record->source), SV_ARG(record->uid),
                roles[record->role], SV_ARG(record->fingerprint), (int)record->life,
                record->severity, SV_ARG(record->explicit_id), (int)record->quiet);
        fprintf(out, "\t%lld\t", to_ns == TIME_NONE ? -1LL : (long long)(to_ns / NS_PER_MS));
        if (declaration != NULL)
            fprintf(out, SV_FMT, SV_ARG(declaration->service));
        fprintf(out, "\t");
        write_keys(record, out);
        write_words(record, out);
        fprintf(out, "\n");
    }
}

static long long
number(const char *text)
{
    return strtoll(text, NULL, 10);
}

/* Cuts a line at its tabs; false: it has another number of fields. */
static bool
cut(char *line, char *fields[], size_t count)
{
    line[strcspn(line, "\n")] = '\0';
    for (size_t i = 0; i < count; i++)
        if ((fields[i] = strsep(&line, "\t")) == NULL)
            return false;
    return line == NULL;
}

static bool
read_keys(struct arena *arena, char *text, struct work_record *record)
{
    for (char *part; text != NULL && *text != '\0';) {
        char *value = part = strsep(&text, ",");
        const char *word = strsep(&value, "=");
        enum key_kind kind = 0;
        while (kind < KEY_KINDS && strcmp(key_kind_word(kind), word) != 0)
            kind++;
        if (kind == KEY_KINDS || value == NULL || record->key_count == RECORD_KEYS_MAX)
            return false;
        record->keys[record->key_count++] =
            (struct node_key){kind, arena_copy(arena, sv_from(value))};
    }
    return true;
}

static enum node_role
role_of(const char *word)
{
    size_t role = 0;
    while (role + 1 < sizeof(roles) / sizeof(roles[0]) && strcmp(roles[role], word) != 0)
        role++;
    return (enum node_role)role;
}

static void
read_words(struct arena *arena, char *f[], struct work_record *record)
{
    if (*f[0] == '\0' || record->role == NODE_DECLARED)
        return;
    struct observation *observation = ARENA_NEW(arena, struct observation);
    struct event *event = &observation->event;
    event->phase = (enum event_phase)number(f[0]);
    event->channel = arena_copy(arena, sv_from(f[1]));
    event->actor = arena_copy(arena, sv_from(f[2]));
    event->service = arena_copy(arena, sv_from(f[3]));
    event->host = arena_copy(arena, sv_from(f[4]));
    event->title = arena_copy(arena, sv_from(f[5]));
    groupworld_name(observation, record);
    record->observation = observation;
}

static bool
read_delivery(struct arena *arena, char *line, struct world_delivery *delivery)
{
    char *f[FIELDS];
    if (!cut(line, f, FIELDS))
        return false;
    struct work_record *record = &delivery->record;
    *delivery =
        (struct world_delivery){.ends_batch = number(f[0]) != 0, .version = (int)number(f[1])};
    *record = (struct work_record){.ms = number(f[2]),
                                   .source = arena_copy(arena, sv_from(f[3])),
                                   .uid = arena_copy(arena, sv_from(f[4])),
                                   .role = role_of(f[5]),
                                   .fingerprint = arena_copy(arena, sv_from(f[6])),
                                   .life = (enum life)number(f[7]),
                                   .severity = (int)number(f[8]),
                                   .explicit_id = arena_copy(arena, sv_from(f[9])),
                                   .quiet = (enum quiet)number(f[10])};
    if (record->quiet != QUIET_NOT)
        record->quiet_reason = SV("minor");
    if (record->role == NODE_DECLARED) {
        struct declaration *declaration = ARENA_NEW(arena, struct declaration);
        declaration->from_ns = record->ms * NS_PER_MS;
        declaration->to_ns = number(f[11]) < 0 ? TIME_NONE : number(f[11]) * NS_PER_MS;
        declaration->service = arena_copy(arena, sv_from(f[12]));
        record->declaration = declaration;
    }
    read_words(arena, f + 14, record);
    return read_keys(arena, f[13], record);
}

static bool
read_settings(char *line, struct correlation_config *config, unsigned *ret_left_out)
{
    char *f[7];
    if (!cut(line, f, 7))
        return false;
    correlation_config_default(config);
    *ret_left_out = (unsigned)number(f[0]);
    config->neighbours = (int)number(f[1]);
    config->levels = (int)number(f[2]);
    config->familiar_count = (int)number(f[3]);
    config->soft_span_ms = number(f[4]);
    config->max_span_ms = number(f[5]);
    config->reach_ms = number(f[6]);
    config->gap_ms[KEY_THREAD] = 2 * config->reach_ms;
    return true;
}

bool
groupworld_read(struct groupworld *world, struct arena *arena, const char *path,
                unsigned *ret_left_out)
{
    char line[LINE_MAX_BYTES];
    FILE *in = fopen(path, "r");
    bool good = in != NULL && fgets(line, sizeof(line), in) != NULL &&
                fgets(line, sizeof(line), in) != NULL &&
                read_settings(line, &world->config, ret_left_out) &&
                fgets(line, sizeof(line), in) != NULL;
    world->count = 0;
    while (good && fgets(line, sizeof(line), in) != NULL)
        good = world->count < WORLD_DELIVERIES_MAX &&
               read_delivery(arena, line, &world->deliveries[world->count++]);
    if (in != NULL)
        fclose(in);
    return good && world->count > 0;
}
