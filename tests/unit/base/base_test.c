/*
 * base/: views, arena, buffers, UTF-8, hashes, errors.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>
#include <malloc.h>
#include <sched.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sha256.h"
#include "base/strbuf.h"
#include "base/text/utf8.h"
#include "base/thread.h"

static void
views_compare_and_split(void **state)
{
    (void)state;
    assert_true(sv_eq(SV("abc"), sv_from("abc")));
    assert_false(sv_eq(SV("abc"), SV("abd")));
    assert_true(sv_eq_nocase(SV("WARN"), SV("warn")));
    assert_true(sv_cmp(SV("ab"), SV("abc")) < 0);
    assert_true(sv_cmp(SV("b"), SV("abc")) > 0);
    assert_int_equal(sv_find(SV("hello"), SV("ll")), 2);
    assert_true(sv_find(SV("hello"), SV("x")) == SIZE_MAX);
    /* Short texts and long ones are looked through in different ways. */
    char text[300];
    memset(text, 'l', sizeof(text));
    for (size_t len = 4; len <= sizeof(text); len++) {
        assert_true(sv_find(sv_of(text, len), SV("lost")) == SIZE_MAX);
        assert_true(sv_find(sv_of(text, 3), SV("llll")) == SIZE_MAX);
        memcpy(text + len - 4, "lost", 4);
        assert_int_equal(sv_find(sv_of(text, len), SV("lost")), len - 4);
        assert_true(sv_find(sv_of(text, len - 1), SV("lost")) == SIZE_MAX);
        assert_int_equal(sv_find(sv_of(text, len), SV("llost")), len > 4 ? len - 5 : SIZE_MAX);
        memset(text + len - 4, 'l', 4);
    }
    assert_true(sv_eq(sv_trim(SV(" \t a b \r\n")), SV("a b")));
    struct sv rest = SV("a,,b"), part;
    assert_true(sv_split(&rest, ',', &part) && sv_eq(part, SV("a")));
    assert_true(sv_split(&rest, ',', &part) && sv_eq(part, SV("")));
    assert_true(sv_split(&rest, ',', &part) && sv_eq(part, SV("b")));
    assert_false(sv_split(&rest, ',', &part));
}

/* In blocks of exact size, so that a checker of memory notices what goes beyond. */
static void
views_are_copied_and_searched_to_the_byte(void **state)
{
    (void)state;
    for (size_t len = 0; len <= 70; len++) {
        char *from = malloc(len + 1), *to = malloc(len + 1);
        assert_true(from != NULL && to != NULL);
        for (size_t i = 0; i < len; i++)
            from[i] = (char)('A' + i % 50);
        memset(to, '!', len + 1);
        assert_true(sv_put(to, sv_of(from, len)) == to + len);
        assert_memory_equal(to, from, len);
        assert_int_equal(to[len], '!');
        for (size_t i = 0; i < len; i++) {
            from[i] = '#';
            assert_int_equal(sv_find_char(sv_of(from, len), '#'), i);
            assert_int_equal(sv_find_char(sv_of(from + i, len - i), '#'), 0);
            assert_true(sv_find_char(sv_of(from, i), '#') == SIZE_MAX);
            from[i] = 'x';
        }
        free(from);
        free(to);
    }
    assert_true(sv_find_char(SV_NONE, 'x') == SIZE_MAX);
}

static void
numbers_refuse_what_is_not_one(void **state)
{
    (void)state;
    int64_t value = 7;
    assert_true(sv_to_int64(SV("-9223372036854775808"), &value));
    assert_true(value == INT64_MIN);
    assert_true(sv_to_int64(SV("9223372036854775807"), &value));
    assert_false(sv_to_int64(SV("9223372036854775808"), &value));
    assert_false(sv_to_int64(SV(""), &value));
    assert_false(sv_to_int64(SV("-"), &value));
    assert_false(sv_to_int64(SV("1 "), &value));
    assert_true(value == INT64_MAX);
}

static void
arena_survives_resets_and_large_requests(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 128);
    for (int round = 0; round < 3; round++) {
        char *small = arena_strdup(&arena, SV("small"));
        char *large = arena_alloc(&arena, 10000);
        memset(large, 'x', 10000);
        char *after = arena_strdup(&arena, SV("after"));
        assert_string_equal(small, "small");
        assert_string_equal(after, "after");
        assert_true(((uintptr_t)after & (sizeof(void *) - 1)) == 0);
        arena_reset(&arena);
    }
    struct sv text = arena_printf(&arena, "%d-%s", 42, "x");
    assert_true(sv_eq(text, SV("42-x")));
    arena_release(&arena);
}

static void
buffers_stop_at_their_maximum(void **state)
{
    (void)state;
    struct strbuf buf;
    strbuf_init(&buf, 8);
    strbuf_add_text(&buf, "12345678");
    assert_false(buf.overflow);
    strbuf_add_char(&buf, '9');
    assert_true(buf.overflow);
    assert_true(sv_eq(strbuf_view(&buf), SV("12345678")));
    strbuf_clear(&buf);
    strbuf_add_be32(&buf, 0x01020304);
    strbuf_put_be32(&buf, 0, 0x0A0B0C0D);
    assert_memory_equal(buf.ptr, "\x0A\x0B\x0C\x0D", 4);
    strbuf_release(&buf);
}

static void
utf8_repairs_what_postgres_refuses(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 0);
    assert_true(utf8_valid(SV("gr\xC3\xBC\xC3\x9F \xF0\x9F\x94\xA5")));
    assert_false(utf8_valid(SV("\xC0\xAF")));         /* overlong */
    assert_false(utf8_valid(SV("\xED\xA0\x80")));     /* surrogate */
    assert_false(utf8_valid(SV("\xF4\x90\x80\x80"))); /* above U+10FFFF */
    assert_false(utf8_valid(SV("\xE2\x82")));         /* cut off */
    assert_false(utf8_storable(sv_of("a\0b", 3)));
    struct sv repaired = utf8_repair(&arena, sv_of("a\0b\xFF", 4));
    assert_true(sv_eq(repaired, SV("a\xEF\xBF\xBD"
                                   "b\xEF\xBF\xBD")));
    assert_true(utf8_storable(repaired));
    assert_int_equal(utf8_cut(SV("a\xC3\xBC"), 2).len, 1);
    assert_int_equal(utf8_count(SV("a\xC3\xBC")), 2);
    arena_release(&arena);
}

static void
sha256_gives_the_published_digests(void **state)
{
    (void)state;
    struct sha256 whole, parts;
    char text[SHA256_HEX + 1];
    sha256_of("abc", 3, &whole);
    sha256_hex(&whole, text);
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    struct sha256_part split[] = {{"a", 1}, {NULL, 0}, {"bc", 2}};
    sha256_of_parts(split, 3, &parts);
    assert_memory_equal(whole.bytes, parts.bytes, SHA256_BYTES);
}

/* Against OpenSSL: each length around the block boundaries beside shorter and longer ones. */
static void
pairs_of_digests_are_those_of_each(void **state)
{
    (void)state;
    static char bytes[1024];
    static const size_t beside[] = {0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 500, 1000};
    uint32_t random = 1;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        random = random * 1664525 + 1013904223;
        bytes[i] = (char)(random >> 24);
    }
    if (!sha256_pairs())
        print_message("no SHA instructions: only the other way is tried\n");
    for (size_t len = 0; len <= 300; len++)
        for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
            struct sv a = sv_of(len == 0 ? NULL : bytes + len % 7, len);
            struct sv b = sv_of(bytes + 3, beside[i]);
            struct sha256 pair[2], each[2];
            sha256_pair(a, b, &pair[0], &pair[1]);
            sha256_of(a.ptr, a.len, &each[0]);
            sha256_of(b.ptr, b.len, &each[1]);
            assert_memory_equal(pair, each, sizeof(pair));
        }
}

static void
errors_keep_message_hint_and_exit_code(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(err_set(&err, ERR_DB_DOWN, "no %s", "server"), -1);
    err_hint(&err, "start it");
    err_prefix(&err, "migrate");
    assert_string_equal(err.message, "migrate: no server");
    assert_string_equal(err.hint, "start it");
    assert_int_equal(err_exit_code(err.code), 4);
    assert_true(err_retriable(err.code));
    assert_false(err_retriable(ERR_DB_AUTH));
    assert_string_equal(err_name(ERR_GAP), "GAP");
    char longer[600];
    memset(longer, 'p', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    err_prefix(&err, "%s", longer);
    assert_true(strlen(err.message) < sizeof(err.message));
}

/* Requests that creep up find no kept block large enough: the old ones must not pile up. */
static void
arena_gives_back_what_was_large(void **state)
{
    struct arena arena;
    (void)state;
    arena_init(&arena, 0);
    struct mallinfo2 before = mallinfo2();
    for (size_t size = 100000; size < 300000; size += 1000) {
        (void)arena_alloc(&arena, size);
        arena_reset(&arena);
    }
    struct mallinfo2 after = mallinfo2();
    assert_true(after.uordblks + after.hblkhd < before.uordblks + before.hblkhd + 2000000);
    for (int i = 0; i < 1000; i++)
        (void)arena_alloc(&arena, 60000);
    arena_reset(&arena);
    after = mallinfo2();
    assert_true(after.uordblks + after.hblkhd < before.uordblks + before.hblkhd + 2000000);
    arena_release(&arena);
}

/* What the kernel makes of the hint is its business; priority and policy are as they were. */
static void
a_prompt_thread_keeps_its_priority(void **state)
{
    (void)state;
    assert_int_equal(setpriority(PRIO_PROCESS, 0, 3), 0);
    thread_prompt();
    assert_int_equal(getpriority(PRIO_PROCESS, 0), 3);
    assert_int_equal(sched_getscheduler(0), SCHED_OTHER);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_gives_back_what_was_large),
        cmocka_unit_test(views_compare_and_split),
        cmocka_unit_test(views_are_copied_and_searched_to_the_byte),
        cmocka_unit_test(numbers_refuse_what_is_not_one),
        cmocka_unit_test(arena_survives_resets_and_large_requests),
        cmocka_unit_test(buffers_stop_at_their_maximum),
        cmocka_unit_test(utf8_repairs_what_postgres_refuses),
        cmocka_unit_test(sha256_gives_the_published_digests),
        cmocka_unit_test(pairs_of_digests_are_those_of_each),
        cmocka_unit_test(errors_keep_message_hint_and_exit_code),
        cmocka_unit_test(a_prompt_thread_keeps_its_priority),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
