/*
 * Redaction of documents: what a document, its incident, the page and the chart show comes from one
 * copy; proofs, times, digests and our own words stay; a copy of the copy is the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "hindcast/report.h"
#include "report/chart/chart.h"
#include "report/redact/document.h"
#include "report/render/render.h"
#include "report/render/writer.h"
#include "tests/lib/sample_incident.h"

struct made {
    struct stored_incident stored;
    struct document document;
    struct redact_policy *policy;
    struct redacted redacted;
    struct loaded_file file;
};

/* The sample with a second person, and links and secrets in its texts. */
static struct entry entries[3];

static void
make(struct made *made, const char *policy)
{
    struct err err = {0};
    size_t left_out;
    *made = (struct made){.stored = sample_stored()};
    assert_int_equal(made->stored.incident.entry_count, 3);
    memcpy(entries, made->stored.incident.entries, sizeof(entries));
    entries[0].text = SV("Errors high: Bo Quist, ana, see https://wiki.example/x");
    entries[1].text = SV("password=hunter2 on web-1, ask Bo or Ana");
    entries[2].actor = SV("Bo Quist");
    entries[2].url = SV("https://status.example.com/1");
    made->stored.incident.entries = entries;
    made->stored.incident.title = SV("Errors high in checkout, says Ana");
    made->file = (struct loaded_file){.name = SV("logs/api.log"),
                                      .said = SV("logs/api.log: read as text\nana wrote it"),
                                      .read = true,
                                      .look = true,
                                      .first_ns = made->stored.incident.first_ns,
                                      .last_ns = made->stored.incident.last_ns};
    const struct report_context context = {
        .number = made->stored.number, .files = &made->file, .file_count = 1};
    assert_int_equal(
        report_document(&made->stored.incident, &context, &made->document, &left_out, &err), 0);
    if (redact_policy_new(sv_from(policy), "test.ini", &made->policy, &err) != 0)
        fail_msg("%s", err.message);
    assert_int_equal(redact_document(&made->document, &made->stored, &made->file, 1, made->policy,
                                     &made->redacted, &err),
                     0);
}

static void
unmake(struct made *made)
{
    redacted_release(&made->redacted);
    redact_policy_free(made->policy);
    document_release(&made->document);
}

/* Every form one after the other. */
static void
write_all(const struct document *document, const struct stored_incident *stored, struct strbuf *out)
{
    const struct writing writing = {.document = document, .stored = stored};
    const struct chart_options chart = {.name = stored->number, .alone = true};
    struct strbuf form;
    strbuf_init(out, 0);
    strbuf_init(&form, 0);
    for (size_t i = 0; i < document_writers_count; i++) {
        strbuf_clear(&form);
        document_writers[i].write(&writing, &form);
        strbuf_add_sv(out, strbuf_view(&form));
    }
    chart_svg(&stored->incident, &chart, out);
    for (enum render_format kind = RENDER_TEXT; kind <= RENDER_JSONL; kind++)
        render_timeline(stored, &(struct render_options){.format = kind}, out);
    assert_false(out->overflow || form.overflow);
    strbuf_release(&form);
}

static bool
shows(const struct strbuf *out, const char *word)
{
    struct sv all = strbuf_view(out);
    for (size_t i = 0; i + strlen(word) <= all.len; i++)
        if (sv_starts_nocase(sv_slice(all, i, all.len), sv_from(word)))
            return true;
    return false;
}

static void
no_form_shows_what_was_replaced(void **state)
{
    static const char *const gone[] = {"hunter2",      "Quist", "ana,",   "ana ",
                                       "wiki.example", "web-1", "api.log"};
    static const char *const left[] = {
        "Person 1",    "lead:",    "[secret]",    "host-1",   "file-1",
        "Errors high", "checkout", "TODO(human)", "abcd0000", "edacted before it was written"};
    struct made made;
    struct strbuf out, plain;
    (void)state;
    make(&made, NULL);
    write_all(&made.redacted.document, &made.redacted.stored, &out);
    write_all(&made.document, &made.stored, &plain);
    for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++) {
        if (shows(&out, gone[i]))
            fail_msg("%s is there", gone[i]);
        if (!shows(&plain, gone[i]))
            fail_msg("%s never was there", gone[i]);
    }
    for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
        if (!shows(&out, left[i]))
            fail_msg("%s is not there", left[i]);
    strbuf_release(&out);
    strbuf_release(&plain);
    unmake(&made);
}

static void
proofs_are_entries_of_the_copy(void **state)
{
    struct made made;
    struct strbuf problem;
    (void)state;
    make(&made, NULL);
    const struct document *copy = &made.redacted.document;
    strbuf_init(&problem, 0);
    assert_int_equal(document_check(copy, &problem), 0);
    assert_ptr_equal(copy->incident, &made.redacted.stored.incident);
    assert_int_equal(copy->proof_count, made.document.proof_count);
    for (size_t i = 0; i < copy->proof_count; i++) {
        ptrdiff_t at = copy->proofs[i] - copy->incident->entries;
        assert_true(at >= 0 && at < 3);
        assert_true(sv_eq(copy->proofs[i]->entry_id, made.document.proofs[i]->entry_id));
        assert_ptr_not_equal(copy->proofs[i], made.document.proofs[i]);
    }
    strbuf_release(&problem);
    unmake(&made);
}

static void
links_stay_where_the_policy_says_so(void **state)
{
    struct made made;
    (void)state;
    make(&made, "[links]\nkeep = status.example.com\n");
    const struct entry *copies = made.redacted.stored.incident.entries;
    assert_true(sv_eq(copies[2].url, SV("https://status.example.com/1")));
    assert_true(sv_empty(copies[1].url));
    assert_true(sv_eq(copies[0].text, SV("Errors high: Person 1, lead, see [link]")));
    unmake(&made);
}

/* Words that each form shows of the document, but for the note about the redaction itself. */
static void
a_copy_of_the_copy_is_the_same(void **state)
{
    struct made made;
    struct redacted again;
    struct err err = {0};
    (void)state;
    make(&made, NULL);
    const struct document *once = &made.redacted.document;
    assert_int_equal(
        redact_document(once, &made.redacted.stored, NULL, 0, made.policy, &again, &err), 0);
    assert_int_equal(again.document.span_count, once->span_count + 1);
    for (size_t i = 0; i < once->span_count; i++)
        if (!sv_eq(once->spans[i].text, again.document.spans[i].text))
            fail_msg(SV_FMT " became " SV_FMT, SV_ARG(once->spans[i].text),
                     SV_ARG(again.document.spans[i].text));
    struct strbuf one, two;
    strbuf_init(&one, 0);
    strbuf_init(&two, 0);
    const struct render_options options = {.format = RENDER_JSONL};
    render_timeline(&made.redacted.stored, &options, &one);
    render_timeline(&again.stored, &options, &two);
    assert_string_equal(one.ptr, two.ptr);
    strbuf_release(&one);
    strbuf_release(&two);
    redacted_release(&again);
    unmake(&made);
}

/* Whom another document about the incident names first does not matter. */
static void
documents_agree_about_pseudonyms(void **state)
{
    struct made made;
    struct document other;
    struct redacted redacted;
    struct err err = {0};
    (void)state;
    make(&made, "[people]\nshow = pseudonyms\n");
    document_init(&other, &made.stored.incident);
    document_begin(&other, BLOCK_NOTE);
    document_text(&other, SV("Bo Quist"));
    document_text(&other, SV("ana"));
    assert_int_equal(redact_document(&other, &made.stored, NULL, 0, made.policy, &redacted, &err),
                     0);
    assert_true(sv_eq(redacted.document.spans[0].text, SV("Person 2")));
    assert_true(sv_eq(redacted.document.spans[1].text, SV("Person 1")));
    assert_true(sv_eq(made.redacted.stored.incident.entries[1].actor, SV("Person 1")));
    redacted_release(&redacted);
    document_release(&other);
    unmake(&made);
}

static void
records_are_shown_where_the_policy_permits(void **state)
{
    struct made made;
    struct arena arena;
    struct sv excerpt;
    (void)state;
    arena_init(&arena, 0);
    make(&made, NULL);
    assert_false(redact_record(&made.redacted, &arena, SV("ana"), &excerpt));
    unmake(&made);
    make(&made, "[evidence]\nexcerpts = yes\n");
    assert_true(redact_record(&made.redacted, &arena,
                              SV("{\"by\":\"\\u0061na\",\"password\":\"hunter2\"}"), &excerpt));
    assert_true(sv_contains(excerpt, SV(":\"lead\"")));
    assert_false(sv_contains(excerpt, SV("ana")) || sv_contains(excerpt, SV("hunter2")));
    assert_false(redact_record(&made.redacted, &arena, SV("\x00\x01\xff"), &excerpt));
    unmake(&made);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_form_shows_what_was_replaced),
        cmocka_unit_test(proofs_are_entries_of_the_copy),
        cmocka_unit_test(links_stay_where_the_policy_says_so),
        cmocka_unit_test(a_copy_of_the_copy_is_the_same),
        cmocka_unit_test(documents_agree_about_pseudonyms),
        cmocka_unit_test(records_are_shown_where_the_policy_permits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
