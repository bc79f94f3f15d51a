/*
 * report_document(): finds what all sections share, and lets the template (template.h) fill a
 * document. Called by `hindcast report` and `hindcast draft`; pure but for the C library's time
 * zone, which is set when a second one is asked.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/draft.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/render/writer.h"
#include "report/template.h"

#define DRAFT_BYTES_MAX (64U << 20)

/* The window everything else is measured against. */
static void
find_window(struct draft *draft)
{
    const struct incident *incident = draft->incident;
    struct span_rows found;
    bool over = incident->span.outcome == OUTCOME_OVER;
    incident_span_find(incident, over ? incident->span.end_ns : TIME_NONE, &found);
    draft->start_known = found.span.start_by >= START_BY_DETECTED;
    draft->end_known =
        found.span.outcome == OUTCOME_RECOVERED || found.span.outcome == OUTCOME_RESOLVED;
    draft->key_window = found.key_window;
    draft->start_ns = found.span.start_ns;
    draft->end_ns = draft->end_known    ? found.span.end_ns
                    : found.end != NULL ? found.end->time_ns
                                        : incident->last_ns;
    draft->start_entry = found.start;
    draft->end_entry = found.end;
    draft->open = found.span.end_ns == TIME_NONE;
    draft->last_state = found.span.outcome;
    draft->last_state_ns = found.span.outcome_ns;
    draft->told_last = found.told;
}

/* Of a kind that comes again and again the first LIST_MAX are moments, the others rows. */
static void
mark_moments(struct draft *draft)
{
    size_t marked[MILESTONE_COUNT] = {0};
    for (size_t i = 0; i < draft->incident->milestone_count; i++) {
        const struct milestone_row *row = &draft->incident->milestones[i];
        const struct entry *entry = milestone_entry(draft, row);
        if (entry != NULL && is_told(row) && marked[row->milestone]++ < LIST_MAX)
            draft->moments[entry - draft->incident->entries] |= UINT32_C(1) << row->milestone;
    }
}

static void
prepare(struct draft *draft)
{
    draft->moments = memory_calloc(draft->incident->entry_count, sizeof(*draft->moments));
    for (enum entry_field field = 0; field < ENTRY_FIELDS; field++)
        entry_index_init(&draft->by[field], draft->incident, field);
    mark_moments(draft);
    find_window(draft);
}

static void
release(struct draft *draft)
{
    for (enum entry_field field = 0; field < ENTRY_FIELDS; field++)
        entry_index_release(&draft->by[field]);
    free(draft->moments);
}

/* A draft with a line that proves nothing is a fault of ours and leaves this room never. */
static int
check(const struct document *document, struct err *err)
{
    struct strbuf problem;
    strbuf_init(&problem, 4096);
    size_t problems = document_check(document, &problem);
    if (problems > 0)
        err_set(err, ERR_INTERNAL, "%zu lines of the draft lack evidence; " SV_FMT, problems,
                SV_ARG(strbuf_view(&problem)));
    strbuf_release(&problem);
    return problems == 0 ? 0 : -1;
}

static int
use_zone(struct draft *draft, struct err *err)
{
    struct sv zone = draft->context->time_zone;
    char name[128];
    if (sv_empty(zone) || sv_eq(zone, SV("UTC")))
        return 0;
    snprintf(name, sizeof(name), SV_FMT, SV_ARG(zone));
    draft->second_zone = true;
    return time_zone_use(name, err);
}

int
report_document(const struct incident *incident, const struct report_context *context,
                struct document *ret_document, size_t *ret_left_out, struct err *err)
{
    struct document document;
    struct draft draft = {.incident = incident, .context = context, .document = &document};
    struct report_template template = context->template != NULL
                                          ? *context->template
                                          : report_template_built_in(REPORT_postmortem);
    if (use_zone(&draft, err) < 0)
        return -1;
    document_init(&document, incident);
    prepare(&draft);
    int status = template_fill(&template, &draft, err);
    release(&draft);
    if (status == 0)
        status = check(&document, err);
    if (status != 0) {
        document_release(&document);
        return -1;
    }
    *ret_document = document;
    *ret_left_out = draft.left_out;
    return 0;
}

int
report_markdown(const struct incident *incident, const struct report_context *context,
                struct strbuf *out, size_t *ret_left_out, struct err *err)
{
    struct document document;
    strbuf_clear(out);
    if (report_document(incident, context, &document, ret_left_out, err) != 0)
        return -1;
    write_markdown(&(struct writing){.document = &document}, out);
    document_release(&document);
    if (!out->overflow && out->len <= DRAFT_BYTES_MAX)
        return 0;
    strbuf_clear(out);
    return err_set(err, ERR_LIMIT, "the report is larger than %u MiB", DRAFT_BYTES_MAX >> 20);
}
