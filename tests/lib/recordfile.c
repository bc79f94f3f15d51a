/*
 * Files of records: see recordfile.h.
 */
#include "tests/lib/recordfile.h"

#include <stdio.h>
#include <stdlib.h>

#include "hindcast/decoder.h"

void
recordfile_init(struct recordfile *files)
{
    *files = (struct recordfile){.count = 0};
    arena_init(&files->arena, 0);
    files->observations = ARENA_ARRAY(&files->arena, struct observation, RECORDFILE_MAX);
}

static void
take_line(struct recordfile *files, int32_t partition, struct sv line)
{
    const struct decode_options options = {0};
    struct record record = {.topic = SV("records"),
                            .partition = partition,
                            .offset = files->offset++,
                            .kafka_time_ns = TIME_NONE,
                            .value = arena_copy(&files->arena, line)};
    struct event_sink sink = {.max = EVENTS_PER_RECORD_MAX, .arena = &files->arena};
    if (decode_record(&record, &options, &sink).status != DECODE_OK)
        return;
    for (size_t i = 0; i < sink.count && files->count < RECORDFILE_MAX; i++) {
        struct observation *to = &files->observations[files->count++];
        *to = (struct observation){.event = sink.events[i],
                                   .topic = record.topic,
                                   .incarnation = 1,
                                   .partition = partition};
        to->at.offset = record.offset;
        sha256_of(line.ptr, line.len, &to->sha256);
    }
}

int
recordfile_take(struct recordfile *files, int32_t partition, const char *path)
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
            take_line(files, partition, sv_of(line, used));
    }
    free(line);
    fclose(file);
    return 0;
}

struct sv
recordfile_id(const struct observation *observation)
{
    struct sv rest = event_name(&observation->event), id = SV("");
    sv_split(&rest, IDENTITY_SEPARATOR[0], &id);
    return id;
}

void
recordfile_release(struct recordfile *files)
{
    arena_release(&files->arena);
}
