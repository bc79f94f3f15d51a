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
#include "hindcast/correlation.h"
#include "hindcast/decoder.h"

#define OBSERVATIONS_MAX 200000

struct ranking {
    struct arena arena;
    struct observation *observations;
    struct named {
        struct sv id, uid;
    } * names;
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
take(struct ranking *ranking, int32_t partition, struct sv line)
{
    const struct decode_options options = {0};
    struct record record = {.topic = SV("rank"),
                            .partition = partition,
                            .offset = ranking->offset++,
                            .kafka_time_ns = TIME_NONE,
                            .value = arena_copy(&ranking->arena, line)};
    struct event_sink sink = {.max = EVENTS_PER_RECORD_MAX, .arena = &ranking->arena};
    if (decode_record(&record, &options, &sink).status != DECODE_OK)
        return;
    for (size_t i = 0; i < sink.count && ranking->count < OBSERVATIONS_MAX; i++) {
        const struct event *event = &sink.events[i];
        struct observation *to = &ranking->observations[ranking->count];
        *to = (struct observation){
            .event = *event, .topic = SV("rank"), .incarnation = 1, .partition = partition};
        to->at.offset = record.offset;
        sha256_of(line.ptr, line.len, &to->sha256);
        ranking->names[ranking->count++] = (struct named){
            .id = id_of(event), .uid = arena_hex(&ranking->arena, event->uid, UID_BYTES)};
    }
}

static int
take_file(struct ranking *ranking, int32_t partition, const char *path)
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
            take(ranking, partition, sv_of(line, used));
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

static int
run(struct ranking *ranking, struct sv rank, int64_t resolve_gap_ms)
{
    struct correlation_input input = {
        .scope = SV("default"), .observations = ranking->observations, .count = ranking->count};
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
    if (correlate_run(&ranking->arena, &input, &config, &result, &err) < 0) {
        fprintf(stderr, "rank: %s\n", err.message);
        return 1;
    }
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
    arena_init(&ranking.arena, 0);
    strbuf_init(&rank, 0);
    for (; first + 1 < argc && strncmp(argv[first], "--", 2) == 0; first += 2) {
        if (strcmp(argv[first], "--rank") == 0)
            status = read_text(argv[first + 1], &rank) != 0 ? 1 : status;
        else
            resolve_gap_ms = strtoll(argv[first + 1], NULL, 10);
    }
    ranking.observations = ARENA_ARRAY(&ranking.arena, struct observation, OBSERVATIONS_MAX);
    ranking.names = ARENA_ARRAY(&ranking.arena, struct named, OBSERVATIONS_MAX);
    for (int i = first; i < argc && status == 0; i++)
        status = take_file(&ranking, i - first, argv[i]) < 0 ? 1 : 0;
    if (status == 0)
        status = run(&ranking, strbuf_view(&rank), resolve_gap_ms);
    arena_release(&ranking.arena);
    strbuf_release(&rank);
    return status;
}
