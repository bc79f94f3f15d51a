/*
 * Printing what a verification found: see verification_print.h.
 */
#include "app/verification_print.h"

#include <stdio.h>

#include "base/text/json_writer.h"
#include "base/text/visible.h"
#include "hindcast/evidence_place.h"

static void
print(struct strbuf *out)
{
    fwrite(out->ptr, 1, out->len, stdout);
    strbuf_release(out);
}

/* What broke of which entry or incident, and where the record lies. */
void
verification_print_json(void *opaque, const struct verification_break *found)
{
    const struct evidence *evidence = found->evidence;
    struct strbuf out;
    (void)opaque;
    strbuf_init(&out, 0);
    strbuf_add_char(&out, '{');
    json_put(&out, "broken", sv_from(found->what));
    json_put(&out, "incident_key", found->incident_key);
    json_put(&out, "entry_id", found->entry == NULL ? SV_NONE : found->entry->entry_id);
    if (evidence != NULL && !sv_empty(evidence->file))
        json_put(&out, "file", evidence->file);
    if (evidence != NULL && evidence->line > 0)
        json_put_int(&out, "line", evidence->line);
    json_put(&out, "topic", evidence == NULL ? SV_NONE : evidence->topic);
    if (evidence != NULL) {
        json_put_int(&out, "incarnation", evidence->incarnation);
        json_put_int(&out, "partition", evidence->partition);
        json_put_int(&out, "offset", evidence->at.offset);
        json_put_int(&out, "index", evidence->at.index);
    }
    strbuf_add_text(&out, "}\n");
    print(&out);
}

void
verification_print_text(void *opaque, const struct verification_break *found)
{
    const struct evidence *evidence = found->evidence;
    struct strbuf line;
    (void)opaque;
    if (found->entry == NULL) {
        visible_line(stdout,
                     "broken: incident " SV_FMT
                     ": %s; 'hindcast correlate --rebuild' derives them again",
                     SV_ARG(found->incident_key), found->what);
        return;
    }
    strbuf_init(&line, 0);
    strbuf_add_text(&line, "broken: entry ");
    strbuf_add_sv(&line, found->entry->entry_id);
    if (evidence != NULL) {
        strbuf_add_text(&line, ", record ");
        if (evidence_put_file(&line, evidence))
            strbuf_add_text(&line, ", ");
        strbuf_add_sv(&line, evidence->topic);
        strbuf_addf(&line, " incarnation %d partition %d offset %lld index %d",
                    (int)evidence->incarnation, (int)evidence->partition,
                    (long long)evidence->at.offset, (int)evidence->at.index);
    }
    visible_line(stdout, SV_FMT ": %s", SV_ARG(strbuf_view(&line)), found->what);
    strbuf_release(&line);
}

void
verification_print_totals(const struct verification *verification, bool json)
{
    struct strbuf out;
    if (!json) {
        visible_line(stdout, "%zu entries, %zu records checked, %zu breaks", verification->entries,
                     verification->records, verification->broken);
        return;
    }
    strbuf_init(&out, 0);
    strbuf_add_char(&out, '{');
    json_put_int(&out, "entries", (int64_t)verification->entries);
    json_put_int(&out, "records", (int64_t)verification->records);
    json_put_int(&out, "breaks", (int64_t)verification->broken);
    strbuf_add_text(&out, "}\n");
    print(&out);
}
