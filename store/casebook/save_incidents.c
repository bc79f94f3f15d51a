/*
 * Saving incidents: head, entries, milestones and members of those that changed, compared row by
 * row, so that one late record writes a few rows however many there are. Called by casebook_save()
 * within its transaction.
 */
#include "hindcast/entry_json.h"
#include "store/casebook/decided.h"
#include "store/casebook/saving.h"

static int64_t
to_microsecond(int64_t ns)
{
    return ns == TIME_NONE ? ns : ns - ns % NS_PER_US;
}

static void
put_span(struct strbuf *out, const struct incident_span *span)
{
    json_put_time(out, "started", to_microsecond(span->start_ns));
    json_put(out, "started_by", sv_from(span_mark_word(span->start_by)));
    json_put_time(out, "ended", to_microsecond(span->end_ns));
    json_put(out, "state", sv_from(outcome_word(span->outcome)));
    json_put_time(out, "state_time", to_microsecond(span->outcome_ns));
}

static void
put_head(struct strbuf *out, const struct incident *incident, const struct incident_state *state)
{
    strbuf_add_char(out, '{');
    json_put_int(out, "incident_no", state->incident_no);
    json_put(out, "incident_key", incident->incident_key);
    json_put_time(out, "first_time", to_microsecond(incident->first_ns));
    json_put_time(out, "last_time", to_microsecond(incident->last_ns));
    json_put_int(out, "nodes", (int64_t)incident->node_count);
    json_put_int(out, "alerts", incident->alert_count);
    json_put_int(out, "records", incident->record_count);
    json_put_int(out, "entries", (int64_t)incident->entry_count);
    json_put_int(out, "severity", incident->severity);
    json_put_bool(out, "raised", incident->raised);
    json_put_bool(out, "declared", incident->declared);
    json_put_list(out, "services", incident->services, incident->service_count);
    json_put(out, "title", incident->title.ptr == NULL ? SV("") : incident->title);
    json_put(out, "opened", sv_from(opened_word(incident->opened)));
    json_put(out, "opened_in", sv_empty(incident->place) ? SV_NONE : incident->place);
    json_put_list(out, "opened_because", incident->because, incident->because_count);
    put_span(out, &incident->span);
    json_put_int(out, "rank", incident->rank.score);
    json_put_bool(out, "worth", incident->rank.worth);
    json_put_list(out, "rank_reasons", incident->rank.reasons, incident->rank.reason_count);
    json_put(out, "digest", sv_from(state->digest));
    json_put(out, "member_digest", sv_from(state->member_digest));
    casebook_put_decided(out, incident);
    strbuf_add_char(out, '}');
}

static void
put_milestone(struct strbuf *out, const struct milestone_row *row)
{
    json_put(out, "milestone", sv_from(milestone_word(row->milestone)));
    json_put(out, "entry_id", row->entry_id);
    json_put_int(out, "rank", (int64_t)row->milestone);
    json_put_time(out, "event_time", to_microsecond(row->time_ns));
    json_put_int(out, "event_ns", row->time_ns % NS_PER_US);
    json_put_int(out, "confidence", row->confidence);
}

/* -------------------------------------------------- of each incident, in pieces */

/* One row for each entry or milestone of an incident, or one object for the incident. */
struct kind {
    size_t (*count)(const struct incident *incident);
    void (*put)(struct strbuf *out, const struct incident *incident, size_t at);
    enum query query, anew;
    bool stored_only; /* nothing is there of a new incident */
};

static size_t
one(const struct incident *incident)
{
    (void)incident;
    return 1;
}

static size_t
entry_count(const struct incident *incident)
{
    return incident->entry_count;
}

static void
put_entry_row(struct strbuf *out, const struct incident *incident, size_t at)
{
    entry_json_row(out, &incident->entries[at]);
}

static size_t
milestone_count(const struct incident *incident)
{
    return incident->milestone_count;
}

static void
put_milestone_row(struct strbuf *out, const struct incident *incident, size_t at)
{
    put_milestone(out, &incident->milestones[at]);
}

static void
put_entry_ids(struct strbuf *out, const struct incident *incident, size_t at)
{
    (void)at;
    json_put_name(out, "ids");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < incident->entry_count; i++) {
        json_put_comma(out);
        json_put_string(out, incident->entries[i].entry_id);
    }
    strbuf_add_char(out, ']');
}

static void
put_milestone_ids(struct strbuf *out, const struct incident *incident, size_t at)
{
    (void)at;
    json_put_name(out, "ids");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < incident->milestone_count; i++) {
        const struct milestone_row *row = &incident->milestones[i];
        json_put_comma(out);
        strbuf_addf(out, "\"%s/" SV_FMT "\"", milestone_word(row->milestone),
                    SV_ARG(row->entry_id));
    }
    strbuf_add_char(out, ']');
}

static void
put_member_ids(struct strbuf *out, const struct incident *incident, size_t at)
{
    (void)at;
    json_put_list(out, "ids", incident->member_uids, incident->member_count);
}

/* A member that moved is put to its incident before another one, which lost it, is tidied. */
static const struct kind kinds[] = {
    {entry_count, put_entry_row, QUERY_casebook_put_entries, QUERY_casebook_put_entries_anew,
     false},
    {milestone_count, put_milestone_row, QUERY_casebook_put_milestones,
     QUERY_casebook_put_milestones, false},
    {one, put_member_ids, QUERY_casebook_put_members, QUERY_casebook_put_members, false},
    {one, put_entry_ids, QUERY_casebook_delete_entries, QUERY_casebook_delete_entries, true},
    {one, put_milestone_ids, QUERY_casebook_delete_milestones, QUERY_casebook_delete_milestones,
     true},
    {one, put_member_ids, QUERY_casebook_delete_members, QUERY_casebook_delete_members, true},
};

static enum query
query_of(const struct saving *saving, const struct kind *kind)
{
    return saving->anew ? kind->anew : kind->query;
}

static int
save_incident(struct saving *saving, const struct kind *kind, size_t place, struct err *err)
{
    const struct incident *incident = &saving->correlation->incidents[place];
    const struct incident_state *state = &saving->states[place];
    if (state->same || (kind->stored_only && (!state->stored || saving->anew)))
        return 0;
    for (size_t i = 0; i < kind->count(incident); i++) {
        json_put_comma(&saving->rows);
        strbuf_add_char(&saving->rows, '{');
        json_put_int(&saving->rows, "incident_no", state->incident_no);
        kind->put(&saving->rows, incident, i);
        strbuf_add_char(&saving->rows, '}');
        if (saving_send_piece(saving, query_of(saving, kind), err) != 0)
            return -1;
    }
    return 0;
}

/* Table by table, so that many small incidents share a statement. */
static int
save_kind(struct saving *saving, const struct kind *kind, struct err *err)
{
    saving_begin(saving);
    for (size_t i = 0; i < saving->correlation->incident_count; i++)
        if (save_incident(saving, kind, i, err) != 0)
            return -1;
    return saving_send_rest(saving, query_of(saving, kind), err);
}

static int
delete_gone(struct saving *saving, struct err *err)
{
    saving_begin(saving);
    for (size_t i = 0; i < saving->gone_count; i++)
        strbuf_addf(&saving->rows, "%s%lld", i == 0 ? "" : ",", (long long)saving->gone[i]);
    return saving_send_rest(saving, QUERY_casebook_delete_incidents, err);
}

static int
put_heads(struct saving *saving, struct err *err)
{
    saving_begin(saving);
    for (size_t i = 0; i < saving->correlation->incident_count; i++) {
        if (saving->states[i].same)
            continue;
        json_put_comma(&saving->rows);
        put_head(&saving->rows, &saving->correlation->incidents[i], &saving->states[i]);
        if (saving_send_piece(saving, QUERY_casebook_put_incidents, err) != 0)
            return -1;
    }
    return saving_send_rest(saving, QUERY_casebook_put_incidents, err);
}

int
saving_incidents(struct saving *saving, struct err *err)
{
    if (delete_gone(saving, err) != 0 || put_heads(saving, err) != 0)
        return -1;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (save_kind(saving, &kinds[i], err) != 0)
            return -1;
    return 0;
}
