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
#include "tests/lib/recordfile.h"

struct named {
    struct sv id, uid;
    const struct incident *incident;
};

struct group {
    struct recordfile files;
    struct named *names;
    size_t count;
};

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

static void
name_all(struct group *group)
{
    for (size_t i = 0; i < group->files.count; i++) {
        const struct observation *observation = &group->files.observations[i];
        group->names[group->count++] = (struct named){
            .id = recordfile_id(observation),
            .uid = arena_hex(&group->files.arena, observation->event.uid, UID_BYTES)};
    }
}

static int
run(struct group *group, struct sv graph)
{
    struct correlation_input input = {.scope = SV("default"),
                                      .observations = group->files.observations,
                                      .count = group->files.count};
    struct correlation_config config;
    struct correlation result;
    struct err err;
    correlation_config_default(&config);
    config.graph = graph;
    if (correlate_run(&group->files.arena, &input, &config, &result, &err) < 0) {
        fprintf(stderr, "group: %s\n", err.message);
        return 1;
    }
    name_all(group);
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
    recordfile_init(&group.files);
    strbuf_init(&graph, 0);
    group.names = ARENA_ARRAY(&group.files.arena, struct named, RECORDFILE_MAX);
    if (first == 3 && edges_file_read(argv[2], &graph, &ignored, &err) != 0) {
        fprintf(stderr, "group: %s\n", err.message);
        return 1;
    }
    for (int i = first; i < argc; i++)
        if (recordfile_take(&group.files, i - first, argv[i]) < 0)
            return 1;
    int status = run(&group, strbuf_view(&graph));
    recordfile_release(&group.files);
    strbuf_release(&graph);
    return status;
}
