/*
 * group [--graph FILE] FILE...: reads files of records (one a line), correlates them in memory as
 * one scope, and prints for each event that its source names by an id, sorted, the id, the incident
 * that it is a member of ("-": none) and whether that was raised, between tabs. --graph: edges as
 * `hindcast graph load` takes them. For tests/calibration/worlds.py, which compares that with what
 * it made up; needs no server.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/edges_file.h"
#include "hindcast/correlation.h"
#include "hindcast/decoder.h"

#define OBSERVATIONS_MAX 200000

struct named {
    struct sv id, uid;
    const struct incident *incident;
};

struct group {
    struct arena arena;
    struct observation *observations;
    struct named *names;
    size_t count;
    int64_t offset;
};

/* The id that the record has, without the source that it is unique in. */
static struct sv
id_of(const struct event *event)
{
    struct sv rest = event_name(event), id = SV("");
    sv_split(&rest, IDENTITY_SEPARATOR[0], &id);
    return id;
}

static void
take(struct group *group, int32_t partition, struct sv line)
{
    const struct decode_options options = {0};
    struct record record = {.topic = SV("group"),
                            .partition = partition,
                            .offset = group->offset++,
                            .kafka_time_ns = TIME_NONE,
                            .value = arena_copy(&group->arena, line)};
    struct event_sink sink = {.max = EVENTS_PER_RECORD_MAX, .arena = &group->arena};
    if (decode_record(&record, &options, &sink).status != DECODE_OK)
        return;
    for (size_t i = 0; i < sink.count && group->count < OBSERVATIONS_MAX; i++) {
        const struct event *event = &sink.events[i];
        struct observation *to = &group->observations[group->count];
        *to = (struct observation){
            .event = *event, .topic = SV("group"), .incarnation = 1, .partition = partition};
        to->at.offset = record.offset;
        sha256_of(line.ptr, line.len, &to->sha256);
        group->names[group->count++] = (struct named){
            .id = id_of(event), .uid = arena_hex(&group->arena, event->uid, UID_BYTES)};
    }
}

static int
take_file(struct group *group, int32_t partition, const char *path)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t len;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        return -1;
    }
    while ((len = getline(&line, &size, file)) > 0) {
        size_t used = (size_t)len - (line[len - 1] == '\n');
        if (used > 0)
            take(group, partition, sv_of(line, used));
    }
    free(line);
    fclose(file);
    return 0;
}

static int
uid_order(const void *left, const void *right)
{
    return sv_cmp(((const struct named *)left)->uid, ((const struct named *)right)->uid);
}

static int
id_order(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    int order = sv_cmp(a->id, b->id);
    return order != 0 ? order : sv_cmp(a->uid, b->uid);
}

static void
mark(struct group *group, const struct incident *incident)
{
    for (size_t i = 0; i < incident->member_count; i++) {
        const struct named wanted = {.uid = incident->member_uids[i]};
        struct named *found =
            bsearch(&wanted, group->names, group->count, sizeof(*group->names), uid_order);
        if (found != NULL)
            found->incident = incident;
    }
}

/* Of deliveries of one event each has the same uid: one of them is told. */
static size_t
once_each(struct named *names, size_t count)
{
    size_t kept = 0;
    qsort(names, count, sizeof(*names), uid_order);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || uid_order(&names[kept - 1], &names[i]) != 0)
            names[kept++] = names[i];
    return kept;
}

static int
run(struct group *group, struct sv graph)
{
    struct correlation_input input = {
        .scope = SV("default"), .observations = group->observations, .count = group->count};
    struct correlation_config config;
    struct correlation result;
    struct err err;
    correlation_config_default(&config);
    config.graph = graph;
    if (correlate_run(&group->arena, &input, &config, &result, &err) < 0) {
        fprintf(stderr, "group: %s\n", err.message);
        return 1;
    }
    group->count = once_each(group->names, group->count);
    for (size_t i = 0; i < result.incident_count; i++)
        mark(group, &result.incidents[i]);
    qsort(group->names, group->count, sizeof(*group->names), id_order);
    for (size_t i = 0; i < group->count; i++) {
        const struct incident *incident = group->names[i].incident;
        struct sv key = incident == NULL ? SV("-") : incident->incident_key;
        printf(SV_FMT "\t" SV_FMT "\t%s\n", SV_ARG(group->names[i].id), SV_ARG(key),
               incident != NULL && incident->raised ? "raised" : "not raised");
    }
    return 0;
}

int
main(int argc, char **argv)
{
    struct group group = {0};
    struct strbuf graph;
    struct edges_tally ignored;
    struct err err;
    int first = argc > 2 && strcmp(argv[1], "--graph") == 0 ? 3 : 1;
    arena_init(&group.arena, 0);
    strbuf_init(&graph, 0);
    group.observations = ARENA_ARRAY(&group.arena, struct observation, OBSERVATIONS_MAX);
    group.names = ARENA_ARRAY(&group.arena, struct named, OBSERVATIONS_MAX);
    if (first == 3 && edges_file_read(argv[2], &graph, &ignored, &err) != 0) {
        fprintf(stderr, "group: %s\n", err.message);
        return 1;
    }
    for (int i = first; i < argc; i++)
        if (take_file(&group, i - first, argv[i]) < 0)
            return 1;
    int status = run(&group, strbuf_view(&graph));
    arena_release(&group.arena);
    strbuf_release(&graph);
    return status;
}
