/*
 * rank [--rank FILE] [--resolve-gap MILLISECONDS] FILE...: reads files of records (one a line),
 * correlates them in memory as one scope, and prints each incident that is raised as a JSON object:
 * rank, whether it is worth a look, reasons, facts, start, rows, and the ids that its sources
 * give their events. --rank: lines as those of correlate/rules/rank.tsv, before these. For
 * tests/calibration/rank.py; needs no server.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/json_writer.h"
#include "correlate/rank/rank.h"
#include "tests/lib/recordfile.h"

struct ranking {
    struct recordfile files;
    struct named {
        struct sv id, uid;
    } * names;
    size_t count;
};

static int
uid_order(const void *left, const void *right)
{
    return sv_cmp(((const struct named *)left)->uid, ((const struct named *)right)->uid);
}

static void
print(const struct ranking *ranking, const struct incident *incident)
{
    struct strbuf out;
    strbuf_init(&out, 0);
    struct sv *ids = calloc(incident->member_count + 1, sizeof(*ids));
    size_t found = 0;
    for (size_t i = 0; i < incident->member_count; i++) {
        const struct named wanted = {.uid = incident->member_uids[i]};
        const struct named *name =
            bsearch(&wanted, ranking->names, ranking->count, sizeof(*ranking->names), uid_order);
        if (name != NULL && ids != NULL)
            ids[found++] = name->id;
    }
    strbuf_add_char(&out, '{');
    json_put_int(&out, "rank", incident->rank.score);
    json_put_bool(&out, "worth", incident->rank.worth);
    json_put_list(&out, "reasons", incident->rank.reasons, incident->rank.reason_count);
    for (enum rank_fact fact = 0; fact < RANK_FACTS; fact++)
        json_put_int(&out, rank_fact_word(fact), incident->rank.facts[fact]);
    json_put_int(&out, "start_ns", incident_start(incident));
    json_put(&out, "key", incident->incident_key);
    json_put_int(&out, "rows", (int64_t)incident->entry_count);
    json_put_list(&out, "ids", ids, found);
    strbuf_add_text(&out, "}\n");
    fwrite(out.ptr, 1, out.len, stdout);
    free(ids);
    strbuf_release(&out);
}

static void
name_all(struct ranking *ranking)
{
    for (size_t i = 0; i < ranking->files.count; i++) {
        const struct observation *observation = &ranking->files.observations[i];
        ranking->names[ranking->count++] = (struct named){
            .id = recordfile_id(observation),
            .uid = arena_hex(&ranking->files.arena, observation->event.uid, UID_BYTES)};
    }
}

static int
run(struct ranking *ranking, struct sv rank, int64_t resolve_gap_ms)
{
    struct correlation_input input = {.scope = SV("default"),
                                      .observations = ranking->files.observations,
                                      .count = ranking->files.count};
    struct correlation_config config;
    struct correlation result;
    struct strbuf text;
    struct err err;
    correlation_config_default(&config);
    strbuf_init(&text, 0);
    strbuf_add_sv(&text, rank);
    strbuf_add_sv(&text, correlation_rank(&config));
    config.rank = strbuf_view(&text);
    if (resolve_gap_ms > 0)
        config.resolve_gap_ms = resolve_gap_ms;
    if (correlate_run(&ranking->files.arena, &input, &config, &result, &err) < 0) {
        fprintf(stderr, "rank: %s\n", err.message);
        return 1;
    }
    name_all(ranking);
    qsort(ranking->names, ranking->count, sizeof(*ranking->names), uid_order);
    for (size_t i = 0; i < result.incident_count; i++)
        if (result.incidents[i].raised)
            print(ranking, &result.incidents[i]);
    strbuf_release(&text);
    return 0;
}

static int
read_text(const char *path, struct strbuf *out)
{
    char piece[4096];
    size_t got;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        return -1;
    }
    while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
        strbuf_add(out, piece, got);
    strbuf_add_char(out, '\n');
    fclose(file);
    return 0;
}

int
main(int argc, char **argv)
{
    struct ranking ranking = {0};
    struct strbuf rank;
    int64_t resolve_gap_ms = 0;
    int first = 1, status = 0;
    recordfile_init(&ranking.files);
    strbuf_init(&rank, 0);
    for (; first + 1 < argc && strncmp(argv[first], "--", 2) == 0; first += 2) {
        if (strcmp(argv[first], "--rank") == 0)
            status = read_text(argv[first + 1], &rank) != 0 ? 1 : status;
        else
            resolve_gap_ms = strtoll(argv[first + 1], NULL, 10);
    }
    ranking.names = ARENA_ARRAY(&ranking.files.arena, struct named, RECORDFILE_MAX);
    for (int i = first; i < argc && status == 0; i++)
        status = recordfile_take(&ranking.files, i - first, argv[i]) < 0 ? 1 : 0;
    if (status == 0)
        status = run(&ranking, strbuf_view(&rank), resolve_gap_ms);
    recordfile_release(&ranking.files);
    strbuf_release(&rank);
    return status;
}
