/*
 * Commits as `git log` prints them: a head of lines "Name: value", a blank line, and the message,
 * indented. What was changed (`--stat`, `--patch`) stays in the record.
 */
#include "base/text/json_pairs.h"
#include "ingest/decode/core/decoder_internal.h"

#define INDENT 4 /* of the message */

struct commit {
    struct sv hash, author, merge, date;
};

static struct sv
next_line(struct sv *rest)
{
    struct sv line = SV_NONE;
    if (sv_split(rest, '\n', &line) && line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* The value of "Name: value"; SV_NONE when the line has another name. */
static struct sv
value_of(struct sv line, struct sv name)
{
    return sv_starts(line, name) ? sv_trim(sv_slice(line, name.len, line.len)) : SV_NONE;
}

/* The head; what is left of the text begins with its message. */
static struct commit
read_head(struct sv *rest)
{
    static const char *const dates[] = {"CommitDate:", "AuthorDate:", "Date:"};
    struct commit commit = {.hash = SV_NONE};
    struct sv first = next_line(rest), line;
    size_t known = 3; /* of the dates: when it was committed says more than when it was written */
    if (!sv_starts(first, SV("commit ")))
        return commit;
    first = sv_slice(first, 7, first.len);
    commit.hash = sv_slice(first, 0, sv_find_char(first, ' '));
    while (!sv_empty(line = next_line(rest))) {
        if (sv_empty(commit.author))
            commit.author = value_of(line, SV("Author:"));
        if (sv_empty(commit.merge))
            commit.merge = value_of(line, SV("Merge:"));
        for (size_t i = 0; i < known; i++)
            if (!sv_empty(value_of(line, sv_from(dates[i])))) {
                commit.date = value_of(line, sv_from(dates[i]));
                known = i;
            }
    }
    return commit;
}

static int
bid(const struct probe *probe)
{
    struct sv rest = probe->body;
    struct commit commit = read_head(&rest);
    return commit.hash.len >= 7 && !sv_empty(commit.author) ? 95 : 0;
}

/* The lines that are indented, without that; up to the first that is not. */
static struct sv
message_of(struct arena *arena, struct sv rest)
{
    char *text = arena_alloc(arena, rest.len + 1), *at = text;
    while (rest.ptr != NULL) {
        struct sv line = next_line(&rest);
        bool indented = sv_starts(line, SV("    "));
        if (!indented && !sv_empty(sv_trim(line)))
            break;
        if (indented)
            at = sv_put(at, sv_slice(line, INDENT, line.len));
        *at++ = '\n';
    }
    return sv_trim(sv_of(text, (size_t)(at - text)));
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct sv rest = probe->body;
    struct commit commit = read_head(&rest);
    struct read_time time;
    if (sv_empty(commit.hash))
        return decode_bad(result, QUARANTINE_SYNTAX, "not a commit as git log prints it");
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    size_t mail = sv_find(commit.author, SV(" <"));
    event->kind = EVENT_CHANGE;
    event->record_kind = sv_empty(commit.merge) ? RECORD_COMMIT : RECORD_MERGE;
    event->phase = PHASE_SUCCEEDED;
    if (times_read(commit.date, probe->zone, &time))
        times_into_event(&time, event);
    event->actor = sv_slice(commit.author, 0, mail);
    event->actor_type = sv_empty(event->actor) ? ACTOR_NONE : ACTOR_HUMAN;
    event->body = message_of(probe->arena, rest);
    event->title = text_first_line(event->body);
    event->ref = commit.hash;
    event->identity = IDENTITY(probe->arena, commit.hash);
    const struct json_pair left[] = {{SV("commit"), commit.hash}, {SV("merge"), commit.merge}};
    event->attributes = json_pairs(probe->arena, left, sizeof(left) / sizeof(left[0]));
    return 0;
}

const struct decoder decoder_git_log = {
    .info = {.name = "git_log",
             .identity = "git",
             .title = "commits as git log prints them",
             .kinds = "change",
             .identified_by = "the hash of the commit",
             .reference = "https://git-scm.com/docs/git-log",
             .first = "c",
             .highest = 95},
    .reads = READS_TEXT,
    .bid = bid,
    .decode = decode,
};
