/*
 * Finding and reading fixtures: see fixtures.h.
 */
#include "tests/lib/fixtures.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/strbuf.h"

struct fixture *fixtures;
size_t fixture_count;
struct arena fixture_arena;

struct sv
fixture_file(struct arena *arena, const char *folder, const char *name)
{
    char path[600];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return SV_NONE;
    struct strbuf buf;
    strbuf_init(&buf, RECORD_BYTES_MAX);
    char chunk[4096];
    for (size_t n; (n = fread(chunk, 1, sizeof(chunk), file)) > 0;)
        strbuf_add(&buf, chunk, n);
    fclose(file);
    struct sv content = arena_copy(arena, strbuf_view(&buf));
    strbuf_release(&buf);
    return content.ptr == NULL ? SV("") : content;
}

static void
read_fixture(const char *input, struct fixture *fixture)
{
    struct arena *arena = &fixture_arena;
    const char *name = strrchr(input, '/') + 1;
    snprintf(fixture->path, sizeof(fixture->path), "%.*s", (int)(name - input - 1), input);
    struct sv rest = fixture_file(arena, fixture->path, "headers"), line;
    fixture->input = fixture_file(arena, fixture->path, name);
    fixture->key = sv_trim(fixture_file(arena, fixture->path, "key"));
    fixture->kafka_time_ns = TIME_NONE;
    struct parsed_time time;
    if (time_parse(sv_trim(fixture_file(arena, fixture->path, "kafka_time")), &time))
        fixture->kafka_time_ns = time.ns;
    while (sv_split(&rest, '\n', &line)) {
        size_t colon = sv_find(line, SV(": "));
        if (colon == SIZE_MAX)
            continue;
        assert_true(fixture->header_count < FIXTURE_HEADERS_MAX);
        fixture->headers[fixture->header_count++] =
            (struct header){sv_slice(line, 0, colon), sv_slice(line, colon + 2, line.len)};
    }
}

int
fixtures_find(void **state)
{
    glob_t inputs;
    (void)state;
    arena_init(&fixture_arena, 0);
    assert_int_equal(glob("tests/fixtures/*/*/*/input.*", 0, NULL, &inputs), 0);
    fixture_count = inputs.gl_pathc;
    fixtures = ARENA_ARRAY(&fixture_arena, struct fixture, fixture_count);
    for (size_t i = 0; i < fixture_count; i++)
        read_fixture(inputs.gl_pathv[i], &fixtures[i]);
    globfree(&inputs);
    return 0;
}

int
fixtures_drop(void **state)
{
    (void)state;
    arena_release(&fixture_arena);
    return 0;
}

struct record
fixture_record(const struct fixture *fixture, struct sv value)
{
    return (struct record){
        .topic = SV("test"),
        .partition = 1,
        .offset = 42,
        .kafka_time_ns = fixture->kafka_time_ns,
        .timestamp_type = TIMESTAMP_CREATE,
        .key = fixture->key.len > 0 ? fixture->key : SV_NONE,
        .value = value.ptr == NULL ? SV("") : value,
        .headers = fixture->headers,
        .header_count = fixture->header_count,
    };
}
