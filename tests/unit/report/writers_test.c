/*
 * All forms of a draft, by the table of writers: whatever records say changes nothing but text, the
 * same document gives the same bytes, and each generated line leads to its evidence.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hindcast/report.h"
#include "report/render/notes.h"
#include "report/render/writer.h"
#include "tests/lib/attacks.h"
#include "tests/lib/deploy_incident.h"
#include "tests/lib/form_frame.h"

static struct deploy made;

static void
make_document(struct document *document)
{
    struct err err = {0};
    size_t left_out;
    const struct report_context context = {
        .number = SV("INC-2026-0042"), .digest_hex = SV("00ff00ff"), .tz_version = SV("2025b")};
    if (report_document(&made.incident, &context, document, &left_out, &err) != 0)
        fail_msg("%s", err.message);
}

static void
write_as(const struct document_writer *writer, const struct document *document, struct strbuf *out)
{
    const struct stored_incident stored = {
        .number = SV("INC-2026-0042"), .digest_hex = SV("00ff00ff"), .incident = made.incident};
    const struct writing writing = {.document = document, .stored = &stored};
    strbuf_init(out, 0);
    writer->write(&writing, out);
    assert_false(out->overflow);
}

static void
form_of(const struct document_writer *writer, struct strbuf *out)
{
    struct document document;
    make_document(&document);
    write_as(writer, &document, out);
    document_release(&document);
}

/* The page places marks by the width of words; where they stand is not its frame. */
static void
without_numbers(const char *form, struct strbuf *frame)
{
    size_t kept = 0;
    if (strcmp(form, "html") != 0)
        return;
    for (size_t i = 0; i < frame->len; i++)
        if (strchr("0123456789.-", frame->ptr[i]) == NULL)
            frame->ptr[kept++] = frame->ptr[i];
    frame->len = kept;
}

static void
frame_of(const char *form, struct sv shown, struct strbuf *frame)
{
    strbuf_clear(frame);
    if (!form_frame(form, shown, frame))
        fail_msg("there is no frame of %s", form);
    without_numbers(form, frame);
}

static const char *const attack_urls[4] = {"https://ok.example/a", "javascript:alert(1)",
                                           "https://e/{code}!x!^", "http://e/'&<script>"};

/* Frames of a document that says something harmless; `named`: with somebody to own a thing to do.
 */
struct plain_frames {
    struct strbuf word, named;
};

static bool
is_frame(const struct plain_frames *plain, struct sv frame)
{
    return sv_eq(frame, strbuf_view(&plain->word)) || sv_eq(frame, strbuf_view(&plain->named));
}

static void
try_attack(const struct document_writer *writer, const struct attack *attack,
           const struct plain_frames *plain)
{
    struct strbuf out, frame;
    deploy_say(&made, attack->text, attack_urls);
    form_of(writer, &out);
    strbuf_init(&frame, 0);
    frame_of(writer->name, strbuf_view(&out), &frame);
    const char *seen = strcmp(writer->name, "json") == 0 ? NULL : attack_seen(strbuf_view(&out));
    if (seen != NULL || !is_frame(plain, strbuf_view(&frame)))
        fail_msg("%s in %s: %s:\n%.*s", attack->name, writer->name,
                 seen == NULL ? "another frame" : seen, 60000, out.ptr);
    strbuf_release(&frame);
    strbuf_release(&out);
}

static void
plain_frame(const struct document_writer *writer, const char *said, struct strbuf *frame)
{
    struct strbuf out;
    deploy_say(&made, sv_from(said), attack_urls);
    form_of(writer, &out);
    strbuf_init(frame, 0);
    frame_of(writer->name, strbuf_view(&out), frame);
    strbuf_release(&out);
}

static void
no_attack_changes_a_form(void **state)
{
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    (void)state;
    for (size_t w = 0; w < document_writers_count; w++) {
        const struct document_writer *writer = &document_writers[w];
        struct plain_frames plain;
        if (strcmp(writer->name, "html") == 0)
            continue; /* page_test.c, which knows how a page cuts words */
        plain_frame(writer, "word", &plain.word);
        plain_frame(writer, "@word", &plain.named);
        for (size_t i = 0; i < count; i++)
            if (attacks[i].text.len > 0)
                try_attack(writer, &attacks[i], &plain);
        strbuf_release(&plain.word);
        strbuf_release(&plain.named);
    }
}

static void
the_same_document_gives_the_same_bytes(void **state)
{
    (void)state;
    deploy_make(&made);
    for (size_t w = 0; w < document_writers_count; w++) {
        struct strbuf once, again;
        form_of(&document_writers[w], &once);
        form_of(&document_writers[w], &again);
        assert_true(once.len > 100);
        assert_int_equal(once.len, again.len);
        assert_memory_equal(once.ptr, again.ptr, once.len);
        strbuf_release(&once);
        strbuf_release(&again);
    }
}

static size_t
times_in(const struct strbuf *out, const char *words)
{
    size_t count = 0;
    for (const char *at = out->ptr; (at = strstr(at, words)) != NULL; at++)
        count++;
    return count;
}

/* What refers to footnote N, and what the footnote begins with. */
static const struct {
    const char *form, *cite, *note;
} marks[] = {
    {"markdown", "[^%zu]", "\n[^%zu]: e:"},
    {"text", "[%zu]", "\n[%zu] e:"},
    {"gdocs", "<a href=\"#evidence-%zu\">", "<p id=\"evidence-%zu\""},
    {"confluence", "<ac:link ac:anchor=\"evidence-%zu\">", ">evidence-%zu</ac:parameter>"},
    {"jira", "|#evidence%zu]", "{anchor:evidence%zu}"},
};

/* As many places that cite a footnote as the document has, and each footnote once. */
static void
each_line_leads_to_its_evidence(void **state)
{
    (void)state;
    struct document document;
    struct notes notes;
    deploy_make(&made);
    make_document(&document);
    notes_init(&notes, &document);
    size_t *uses = calloc(notes.count + 1, sizeof(*uses));
    for (size_t i = 0; i < document.block_count; i++) {
        const struct block *block = &document.blocks[i];
        uses[notes_number(&notes, block->first_proof, block->proofs)]++;
        for (size_t k = 0; k < block->rows; k++) {
            const struct table_row *row = &document.rows[block->first_row + k];
            uses[notes_number(&notes, row->first_proof, row->proofs)]++;
        }
    }
    assert_true(notes.count > 15);
    for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++) {
        struct strbuf out;
        write_as(document_writer_find(marks[m].form), &document, &out);
        for (size_t n = 1; n <= notes.count; n++) {
            char *cite = NULL, *note = NULL;
            assert_true(asprintf(&cite, marks[m].cite, n) > 0 &&
                        asprintf(&note, marks[m].note, n) > 0);
            size_t cited = times_in(&out, cite), defined = times_in(&out, note);
            bool both = strstr(note, cite) != NULL; /* the footnote itself has the mark */
            if (defined != 1 || cited - both != uses[n])
                fail_msg("%s: %s %zu times for %zu, %s %zu times", marks[m].form, cite, cited,
                         uses[n], note, defined);
            free(cite);
            free(note);
        }
        strbuf_release(&out);
    }
    free(uses);
    notes_release(&notes);
    document_release(&document);
}

/* ---- grammars ---- */

/* Runs the checker of a form, with what the draft is when records say this. */
static void
need_grammar(const char *form, const char *more_arguments, struct sv text)
{
    static const char *const urls[4] = {"https://ok.example/a?b=c&d='e'", "http://e/{x}", "x", ""};
    char path[] = "/tmp/hindcast-form-XXXXXX", command[256];
    struct strbuf out;
    deploy_say(&made, text, urls);
    form_of(document_writer_find(form), &out);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, out.ptr, out.len), (ssize_t)out.len);
    close(fd);
    snprintf(command, sizeof(command), "python3 tests/lib/check_form.py %s %s %s", form, path,
             more_arguments);
    int status = system(command); /* lint: allow a test runs a checker */
    unlink(path);
    if (status != 0)
        fail_msg("'%.60s' makes %s that its grammar does not know", text.ptr, form);
    strbuf_release(&out);
}

static const char *const told[] = {"checkout answers 500", "]]> <ac:link/> &amp; &lt; {html}",
                                   "\xef\xbf\xbe\xef\xbf\xbf \x01 \xff",
                                   "\"quoted\" 'text' <!-- --> <?xml?>",
                                   "\xe2\x80\xae \xf0\x9f\x94\xa5"};

static void
json_is_valid_by_its_schema(void **state)
{
    (void)state;
    if (system("python3 -c 'import jsonschema' 2>/dev/null") != 0) /* lint: allow as above */
        skip();
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
        need_grammar("json", "docs/postmortem.schema.json", sv_from(told[i]));
}

static void
confluence_is_well_formed(void **state)
{
    (void)state;
    if (system("python3 -c 'import xml' 2>/dev/null") != 0) /* lint: allow as above */
        skip();
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
        need_grammar("confluence", "", sv_from(told[i]));
}

/* Braces that are not escaped are {{...}} and {anchor:...}, whole within their line. */
static void
macros_of_jira_are_balanced(void **state)
{
    size_t count;
    const struct attack *attacks = attacks_all(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        static const char *const urls[4] = {"https://e/{code}!x!^{{", "http://e/}}", "x", ""};
        struct strbuf out;
        size_t anchors = 0, codes = 0;
        deploy_say(&made, attacks[i].text, urls);
        form_of(document_writer_find("jira"), &out);
        for (const char *at = out.ptr; *at != '\0'; at++) {
            size_t line = strcspn(at, "\n");
            if (*at == '\\' && at[1] != '\n') {
                at++;
            } else if (strncmp(at, "{{", 2) == 0) {
                const char *end = memmem(at, line, "}}", 2);
                assert_non_null(end);
                at = end + 1;
                codes++;
            } else if (strncmp(at, "{anchor:evidence", 16) == 0) {
                at += 16 + strspn(at + 16, "0123456789");
                assert_int_equal(*at, '}');
                anchors++;
            } else if (*at == '{' || *at == '}') {
                fail_msg("%s: a brace at %.60s", attacks[i].name, at);
            }
        }
        assert_true(anchors > 10 && codes > 0);
        strbuf_release(&out);
    }
}

/* ---- Slack ---- */

static void
a_summary_for_slack_is_short(void **state)
{
    (void)state;
    struct strbuf out;
    deploy_make(&made);
    form_of(document_writer_find("slack"), &out);
    assert_true(out.len < 3000 && attack_lines(strbuf_view(&out)) < 15);
    assert_true(sv_starts(strbuf_view(&out), SV("*Postmortem draft: INC-2026-0042: checkout: error "
                                                "rate above 5 %*\n&gt; Draft, made by ")));
    assert_non_null(strstr(out.ptr, "\n• Services: cart, checkout (`e:12abcdef0123`, "
                                    "<https://git.example.org/shop/checkout/deployments/7|"
                                    "e:10abcdef0123>)\n"));
    assert_non_null(strstr(out.ptr, "`hindcast report INC-2026-0042`"));
    for (char *at = out.ptr; (at = strstr(at, "\n• ")) != NULL; at++) {
        size_t length = strcspn(at + 1, "\n");
        if (at[length] != ')' || memmem(at, length, "e:1", 3) == NULL)
            fail_msg("a line leads to no evidence: %.*s", (int)length, at + 1);
    }
    strbuf_release(&out);
}

/* A template without a summary: the sentences that there are; addresses keep what they are. */
static void
a_summary_for_slack_needs_no_section(void **state)
{
    (void)state;
    static const char *const urls[4] = {"https://e/a?b='c'&d=e", "", "", ""};
    const struct report_template template = {
        "t.tsv", SV("title\tt\tT\nheading\tx\tX\nfill\tmitigators\t\n")};
    const struct report_context context = {.template = &template};
    struct document document;
    struct strbuf out;
    struct err err = {0};
    size_t left_out;
    deploy_make(&made);
    for (size_t i = 0; i < made.count; i++)
        made.entries[i].url = sv_from(urls[0]);
    assert_int_equal(report_document(&made.incident, &context, &document, &left_out, &err), 0);
    write_as(document_writer_find("slack"), &document, &out);
    assert_non_null(strstr(out.ptr, "*T*\n• 2026-03-01 10:24 UTC, marked as mitigation: “rolled "
                                    "checkout back to 4.1.9” (<https://e/a?b='c'&amp;d=e|e:19ab"));
    document_release(&document);
    strbuf_release(&out);
}

static void
a_long_text_is_cut_for_slack(void **state)
{
    (void)state;
    static const char *const urls[4] = {"", "", "", ""};
    struct strbuf out, text;
    strbuf_init(&text, 0);
    for (int i = 0; i < 5000; i++)
        strbuf_add_text(&text, "<ä");
    deploy_say(&made, strbuf_view(&text), urls);
    form_of(document_writer_find("slack"), &out);
    assert_true(out.len < 12000);
    assert_non_null(strstr(out.ptr, "&lt;ä…"));
    assert_null(attack_seen(strbuf_view(&out)));
    strbuf_release(&text);
    strbuf_release(&out);
}

static void
forms_have_names(void **state)
{
    (void)state;
    assert_ptr_equal(document_writer_find(NULL), &document_writers[0]);
    assert_ptr_equal(document_writer_find("md"), &document_writers[0]);
    assert_null(document_writer_find("word"));
    for (size_t w = 0; w < document_writers_count; w++) {
        assert_ptr_equal(document_writer_find(document_writers[w].name), &document_writers[w]);
        assert_non_null(strstr(DOCUMENT_FORMATS, document_writers[w].name));
        for (size_t i = 0; i < w; i++)
            assert_string_not_equal(document_writers[w].file, document_writers[i].file);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_attack_changes_a_form),
        cmocka_unit_test(the_same_document_gives_the_same_bytes),
        cmocka_unit_test(each_line_leads_to_its_evidence),
        cmocka_unit_test(json_is_valid_by_its_schema),
        cmocka_unit_test(confluence_is_well_formed),
        cmocka_unit_test(macros_of_jira_are_balanced),
        cmocka_unit_test(a_summary_for_slack_is_short),
        cmocka_unit_test(a_summary_for_slack_needs_no_section),
        cmocka_unit_test(a_long_text_is_cut_for_slack),
        cmocka_unit_test(forms_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
