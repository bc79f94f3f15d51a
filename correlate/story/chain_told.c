/*
 * What a chain of records says was done: "deployed checkout-api v2.41.0 (4f9c2ab, #482) to
 * production, by iokafor". Each part comes from whichever record has it. See chains.h.
 */
#include "correlate/story/chains.h"

#include "base/text/utf8.h"
#include "correlate/story/moments.h"

#define SHORT_HASH 7
#define SUBJECT_MOST 160 /* bytes of what was changed */

typedef const struct chain_link *const *links_at;

static bool
ended(const struct chain_link *link)
{
    enum event_phase phase = link->row->observation->event.phase;
    return phase != PHASE_QUEUED && phase != PHASE_STARTED && phase != PHASE_UPDATE;
}

static bool
runs(const struct chain_link *link)
{
    return link->names.stage == STAGE_DEPLOY || link->names.stage == STAGE_PIPELINE;
}

/* How far a record says that the change came; talk says nothing by itself. */
static int
reach_of(const struct chain_link *link)
{
    switch (link->names.stage) {
    case STAGE_DEPLOY:
        return ended(link) ? 5 : 3;
    case STAGE_MERGE:
        return ended(link) && !row_failed(link->row) ? 4 : 1;
    case STAGE_PIPELINE:
        return row_failed(link->row) ? 4 : ended(link) ? 2 : 1;
    case STAGE_COMMIT:
        return 2;
    case STAGE_TALK:
        break;
    }
    return 0;
}

/* The last of those that came farthest. */
static const struct chain_link *
head_of(links_at links, size_t count)
{
    const struct chain_link *head = links[0];
    for (size_t i = 1; i < count; i++)
        if (reach_of(links[i]) >= reach_of(head))
            head = links[i];
    return head;
}

/* The last deployment that ended failed; where none did, the last pipeline: what tests a change
 * that was deployed says nothing of that. */
static bool
is_undone(links_at links, size_t count)
{
    bool failed = false, deployed = false;
    for (size_t i = 0; i < count; i++)
        if (runs(links[i]) && ended(links[i]) &&
            (links[i]->names.stage == STAGE_DEPLOY || !deployed)) {
            failed = row_failed(links[i]->row);
            deployed = links[i]->names.stage == STAGE_DEPLOY;
        }
    return failed;
}

/* ------------------------------------------------------------------ the parts */

/* Of the head where it has this, else of the first that has. */
#define PART_OF(name, value)                                                                       \
    static struct sv name(links_at links, size_t count, const struct chain_link *head)             \
    {                                                                                              \
        const struct chain_link *link = head;                                                      \
        struct sv found = (value);                                                                 \
        for (size_t i = 0; i < count && found.len == 0; i++) {                                     \
            link = links[i];                                                                       \
            found = (value);                                                                       \
        }                                                                                          \
        return found;                                                                              \
    }
PART_OF(version_of, link->names.version)
PART_OF(pull_of, link->names.pull)
PART_OF(repository_of, link->names.repository)
PART_OF(environment_of, link->row->observation->event.environment)
PART_OF(hash_of, link->names.hash_count > 0 ? link->names.hashes[0] : SV_NONE)
PART_OF(person_of, link->row->bot || link->names.stage == STAGE_TALK ? SV_NONE : link->row->actor)

/* Who deployed it; of what was merged, who wrote it. */
static struct sv
author_of(links_at links, size_t count, const struct chain_link *head)
{
    const struct chain_link *writer = head;
    for (size_t i = count; i-- > 0 && head->names.stage == STAGE_MERGE && writer == head;)
        if (links[i]->names.stage == STAGE_COMMIT && !links[i]->row->bot &&
            links[i]->row->actor.len > 0)
            writer = links[i];
    return person_of(links, count, writer);
}

static size_t
commits_of(links_at links, size_t count)
{
    size_t commits = 0;
    for (size_t i = 0; i < count; i++)
        commits += links[i]->names.stage == STAGE_COMMIT;
    return commits;
}

/* What a commit says; a merge says no more than its branch, a deployment no more than that. */
static struct sv
subject_of(links_at links, size_t count)
{
    for (size_t i = count; i-- > 0;)
        if (links[i]->names.stage == STAGE_COMMIT && links[i]->names.subject.len > 0)
            return links[i]->names.subject;
    for (size_t i = count; i-- > 0;)
        if (links[i]->names.stage == STAGE_MERGE && links[i]->names.subject.len > 0 &&
            links[i]->names.branch.len == 0)
            return links[i]->names.subject;
    return SV_NONE;
}

/* "rolled back", "deployed", "merged": what its head says was done; {failed}: behind its object. */
static const char *
verb_of(const struct chain_link *head, const char **ret_failed)
{
    bool cancelled = head->row->observation->event.phase == PHASE_CANCELLED;
    bool failed = row_failed(head->row),
         back = head->names.takes_back || head->row->observation->event.phase == PHASE_ROLLED_BACK;
    *ret_failed = cancelled ? " was cancelled" : failed ? " failed" : "";
    switch (head->names.stage) {
    case STAGE_DEPLOY:
        return failed         ? (back ? "rollback of" : "deployment of")
               : !ended(head) ? (back ? "began to roll back" : "began to deploy")
                              : (back ? "rolled back" : "deployed");
    case STAGE_PIPELINE:
        return failed ? "pipeline of" : ended(head) ? "ran a pipeline of" : "began a pipeline of";
    case STAGE_MERGE:
        return failed        ? "pull request for"
               : ended(head) ? "merged into"
                             : "opened a pull request for";
    case STAGE_COMMIT:
    case STAGE_TALK:
        break;
    }
    return "committed to";
}

static void
add_names(struct strbuf *out, struct sv hash, struct sv pull)
{
    if (hash.len == 0 && pull.len == 0)
        return;
    strbuf_add_text(out, " (");
    strbuf_add_sv(out, sv_slice(hash, 0, hash.len < SHORT_HASH ? hash.len : SHORT_HASH));
    if (pull.len > 0)
        strbuf_addf(out, "%s#" SV_FMT, hash.len > 0 ? ", " : "", SV_ARG(pull));
    strbuf_add_char(out, ')');
}

static struct sv
told_of(struct story *story, links_at links, size_t count, const struct chain_link *head)
{
    struct strbuf out;
    const char *failed;
    struct sv version = version_of(links, count, head), place = repository_of(links, count, head);
    struct sv environment = environment_of(links, count, head);
    struct sv person = author_of(links, count, head), subject = subject_of(links, count);
    size_t commits = commits_of(links, count);
    strbuf_init(&out, 0);
    strbuf_add_text(&out, verb_of(head, &failed));
    if (place.len > 0)
        strbuf_addf(&out, " " SV_FMT, SV_ARG(place));
    if (version.len > 0 && head->names.stage == STAGE_DEPLOY)
        strbuf_addf(&out, "%s " SV_FMT, head->names.takes_back ? " to" : "", SV_ARG(version));
    add_names(&out, hash_of(links, count, head), pull_of(links, count, head));
    if (environment.len > 0 && head->names.stage == STAGE_DEPLOY)
        strbuf_addf(&out, " %s " SV_FMT, head->names.takes_back ? "in" : "to", SV_ARG(environment));
    strbuf_add_text(&out, failed);
    if (subject.len > 0)
        strbuf_addf(&out, ": " SV_FMT, SV_ARG(utf8_cut(subject, SUBJECT_MOST)));
    if (subject.len > 0 && commits > 1)
        strbuf_addf(&out, " (and %zu %s before it)", commits - 1,
                    commits == 2 ? "commit" : "commits");
    if (person.len > 0)
        strbuf_addf(&out, ", by " SV_FMT, SV_ARG(person));
    struct sv told = text_one_line(story->arena, strbuf_view(&out), ENTRY_TEXT_MAX);
    strbuf_release(&out);
    return told;
}

/* Out of the head and the first others, as many as a draft cites. */
static struct sv
told_of_few(struct story *story, links_at links, size_t count, const struct chain_link *head)
{
    const struct chain_link *few[ENTRY_CHAIN_MOST];
    size_t kept = 0, others = 0;
    for (size_t i = 0; i < count; i++) {
        others += links[i] != head;
        if (links[i] == head || others < ENTRY_CHAIN_MOST)
            few[kept++] = links[i];
    }
    return told_of(story, few, kept, head);
}

/* -------------------------------------------------------- what its rows get */

/* What any of its records tells of a change is told of the change. */
static void
give_head(struct chain *chain, struct row *head)
{
    static const char *const reasons[] = {"reverts", "reverted_later", "named_in_chat",
                                          "routine_change"};
    int32_t best = head->score;
    for (size_t i = 0; i < chain->count; i++) {
        const struct row *row = chain->rows[i];
        if (!row_is_change(row))
            continue;
        best = row->score > best ? row->score : best;
        for (size_t r = 0; r < sizeof(reasons) / sizeof(reasons[0]); r++)
            if (row_has_reason(row, sv_from(reasons[r])))
                row_note(head, sv_from(reasons[r]));
        if (row->act == ACT_ROLLBACK && head->act != ACT_ROLLBACK) {
            head->act = head->acts[0] = ACT_ROLLBACK;
            head->rules[0] = NULL;
            head->act_count = 1;
        }
    }
    row_add(head, SV("chain"), best - head->score);
}

void
chain_tell(struct story *story, links_at links, size_t count)
{
    struct chain *chain = ARENA_NEW(story->arena, struct chain);
    const struct chain_link *head = head_of(links, count);
    *chain = (struct chain){.rows = ARENA_ARRAY(story->arena, const struct row *, count),
                            .count = count,
                            .head = head->row,
                            .undone = is_undone(links, count)};
    for (size_t i = 0; i < count; i++) {
        chain->rows[i] = links[i]->row;
        links[i]->row->chain = chain;
    }
    chain->told = told_of_few(story, links, count, head);
    give_head(chain, head->row);
    for (size_t i = 0; i < count && chain->undone; i++)
        if (!row_failed(links[i]->row)) {
            links[i]->row->cancelled = true;
            row_note(links[i]->row, SV("came_to_nothing"));
        }
}
