/*
 * Found and similar incidents as people and programs see them: each line and object of a world made
 * by hand, and the set of attacks in every text that comes from outside.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <string.h>

#include "base/clock.h"
#include "report/render/search.h"
#include "tests/lib/attacks.h"

/* One incident with two hits and two reasons, all of whose texts are `text`. */
struct world {
    struct sv texts[2];
    struct search_word word;
    struct search_place places[3];
    struct evidence evidence;
    struct search_hit hits[2];
    struct search_reason reasons[2];
    struct search_match match;
    struct search_result result;
};

static void
make(struct world *world, struct sv text)
{
    *world = (struct world){
        .texts = {text, text},
        .word = {.word = text, .points = 250, .lines = 2, .title = true},
        .places = {{text, SV("text")}, {text, SV("text")}, {text, SV("actor")}},
        .evidence = {.topic = text, .file = text, .line = 7},
        .reasons = {{SV("alert"), text, text, 1, 900}, {SV("word"), text, text, 2, 105}},
    };
    world->hits[0] = (struct search_hit){.score = 250, .kind = SV("title"), .text = text};
    world->hits[1] = (struct search_hit){.score = 205,
                                         .kind = SV("chat_message"),
                                         .actor = text,
                                         .service = text,
                                         .text = text,
                                         .entry_id = SV("e1"),
                                         .places = world->places,
                                         .place_count = 3,
                                         .evidence = &world->evidence,
                                         .evidence_count = 1};
    world->match = (struct search_match){.scope = text,
                                         .number = SV("INC-2026-0001"),
                                         .incident_key = text,
                                         .title = text,
                                         .last_ns = 90 * NS_PER_S,
                                         .services = world->texts,
                                         .service_count = 2,
                                         .score = 1005,
                                         .best = 755,
                                         .lines = 3,
                                         .words = &world->word,
                                         .word_count = 1,
                                         .missing = world->texts,
                                         .missing_count = 2,
                                         .hits = world->hits,
                                         .hit_count = 2,
                                         .reasons = world->reasons,
                                         .reason_count = 2};
    world->result = (struct search_result){.matches = &world->match, .match_count = 1, .found = 1};
}

static void
need(const struct strbuf *out, const char *expected)
{
    if (!sv_eq(strbuf_view(out), sv_from(expected)))
        fail_msg("got\n%.*s\nnot\n%s", SV_ARG(strbuf_view(out)), expected);
}

static void
people_see_what_was_found_and_why(void **state)
{
    struct world world;
    struct strbuf out;
    (void)state;
    strbuf_init(&out, 0);
    make(&world, SV("pool"));
    render_found(&world.result, 0, &out);
    need(&out, "1. INC-2026-0001  first sign 1970-01-01 00:00:00 UTC, last 1 min 30 s later  pool\n"
               "   services: pool, pool\n"
               "   score 10.05 = pool 2.50 (title, 2 lines) + best line 7.55; without pool, pool\n"
               "     1970-01-01 00:00:00 UTC  pool: pool\n"
               "       chat_message, pool:7  [pool, pool in text; pool in actor]\n"
               "     and 2 more lines\n");
    strbuf_clear(&out);
    render_similar(&world.result, 0, &out);
    need(&out, "1. INC-2026-0001  first sign 1970-01-01 00:00:00 UTC, last 1 min 30 s later  pool\n"
               "   services: pool, pool\n"
               "   score 10.05 = 2 things in common\n"
               "     alerts: pool 9.00 (in 1)\n"
               "     rare words: pool 1.05 (in 2)\n");
    strbuf_clear(&out);
    render_found(&world.result, 20, &out);
    struct sv rest = strbuf_view(&out), line;
    while (sv_split(&rest, '\n', &line))
        assert_true(line.len <= 22); /* 20 characters, of which the ellipsis takes three bytes */
    strbuf_release(&out);
}

static void
programs_get_an_object_an_incident(void **state)
{
    struct world world;
    struct strbuf out;
    (void)state;
    strbuf_init(&out, 0);
    make(&world, SV("pool"));
    render_similar_json(&world.result, &out);
    need(&out,
         "{\"place\":1,\"incident\":\"INC-2026-0001\",\"incident_key\":\"pool\",\"scope\":\"pool\","
         "\"title\":\"pool\",\"first_time\":\"1970-01-01T00:00:00Z\","
         "\"last_time\":\"1970-01-01T00:01:30Z\",\"services\":[\"pool\",\"pool\"],"
         "\"score\":1005,\"reasons\":[{\"kind\":\"alert\",\"key\":\"pool\",\"name\":\"pool\","
         "\"incidents\":1,\"points\":900},{\"kind\":\"word\",\"key\":\"pool\",\"name\":\"pool\","
         "\"incidents\":2,\"points\":105}]}\n");
    strbuf_release(&out);
}

static void
no_text_deceives(void **state)
{
    struct strbuf out;
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    (void)state;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < count; i++) {
        struct world world;
        make(&world, attacks[i].text);
        strbuf_clear(&out);
        render_found(&world.result, 0, &out);
        render_found(&world.result, 80, &out);
        render_similar(&world.result, 0, &out);
        const char *seen = attack_seen(strbuf_view(&out));
        if (seen != NULL)
            fail_msg("attack %zu shows %s:\n%s", i, seen, out.ptr);
        strbuf_clear(&out);
        render_found_json(&world.result, &out);
        render_similar_json(&world.result, &out);
        struct sv rest = strbuf_view(&out), line;
        for (size_t lines = 0; sv_split(&rest, '\n', &line); lines++)
            if (line.len > 0 && !attack_reads_as_json(line))
                fail_msg("attack %zu, line %zu: no JSON", i, lines);
    }
    strbuf_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_see_what_was_found_and_why),
        cmocka_unit_test(programs_get_an_object_an_incident),
        cmocka_unit_test(no_text_deceives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
