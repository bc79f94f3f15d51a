/*
 * Rows: the working form of timeline entries, while they are scored. A row is one record, or
 * several folded into one (repeats of an alert, log lines of one shape). All of this is private to
 * correlate/; rows of an incident live in the scratch arena of its story.
 */
#ifndef CORRELATE_ROWS_H
#define CORRELATE_ROWS_H

#include "correlate/group/grouping.h"
#include "correlate/story/background.h"
#include "correlate/story/languages.h"
#include "correlate/story/reads.h"

#define ROW_REASONS_MAX 40
#define ROW_ACTS_MAX 24
#define ROW_TEXT_MAX 4000 /* bytes of a text that the rules read */

#define NEAR_ROW_NS (5 * MINUTE_NS)
#define CHANGE_BEFORE_NS (60 * MINUTE_NS) /* a change may precede declared bounds by this */
#define STANDARD_SCORE 100
#define KEY_SCORE 300

/* Kinds of evidence of a milestone: how often each is right is measured by them. */
enum basis {
#define BASIS(name, word, about) BASIS_##name,
#include "correlate/story/basis.def"
    BASES
};
const char *basis_word(enum basis basis);

/* Somebody whom a row pages: as the record has the name, whose it is, and whose it could be where
 * that is not decided; see pages.h. */
struct row_page {
    struct sv written, person, doubt;
};

struct row {
    const struct work_node *node;
    const struct observation *observation;
    int64_t time_ns;
    enum record_kind record; /* what the rules see: a tool that says alerts is one */
    enum record_kind evidence_kind;
    struct sv source, text, lower, ref, pattern;
    struct sv actor; /* the person, whichever name the record has; see people.h */
    struct sv actor_written, actor_reason; /* absent where the record's name is shown */
    struct sv person_role;                 /* that the list of people has; absent: none */
    struct row_page *pages;                /* whom it pages; behind them whom it gives a role */
    size_t page_count, given_count;
    const struct sv
        *given; /* the role of each of the latter, whose name may be "": nobody has it */
    const struct phrase_rules *language; /* the rules that its words are read with */
    struct words words, content;         /* content: sorted, once each, without stop words */
    bool marked, deleted, came_or_went, bot, clears, outside, member;
    enum act act;
    enum act acts[ROW_ACTS_MAX];                   /* heaviest first */
    const struct phrase_rule *rules[ROW_ACTS_MAX]; /* that found them; NULL: the record says it */
    size_t act_count;
    bool elsewhere;    /* a change whose words name a place for tests, and not production */
    bool cancelled;    /* what it did failed or did not help */
    bool surge;        /* log lines beyond the background of their source */
    bool new_line;     /* of a shape that a quiet source did not log before */
    int told_severity; /* the worst that another tool tells of the same alert; 0: none does */
    int32_t score;
    struct reason *reasons; /* grow in `arena` */
    size_t reason_count, reason_size;
    struct arena *arena; /* of the row */
    enum milestone milestones[MILESTONE_COUNT];
    enum basis bases[MILESTONE_COUNT]; /* of each, the kind of evidence */
    size_t milestone_count;
    enum significance significance;
    enum entry_kind kind;
    int64_t occurrences;
    const struct observation **evidence;
    size_t evidence_count;
    int64_t redundancy;        /* of choose_key */
    size_t place;              /* among the entries */
    const struct chain *chain; /* of records of one change; NULL: its own text tells it */
};

struct role_rules;
struct service_names;

/* The rows of one incident in their order; `changes` holds also those of the scope around it. */
struct story {
    struct arena *arena;   /* of the result */
    struct arena *scratch; /* released when the story is told */
    const struct correlation_config *config;
    const struct phrase_rules *rules;
    const struct role_rules *roles;
    const struct background *background;
    const struct confidence *confidence;
    const struct service_names *services;
    struct row **rows;
    size_t count;
    struct row **changes;
    size_t change_count;
    int64_t hours_ns; /* that the scope's records around the incident span, whole hours of UTC */
    bool declared;
    bool is_long;             /* for what is known of confidence; set with the milestones */
    int64_t start_ns, end_ns; /* declared bounds, TIME_NONE where open */
};

static inline bool
row_is_change(const struct row *row)
{
    return row->record == RECORD_COMMIT || row->record == RECORD_MERGE ||
           row->record == RECORD_DEPLOY;
}

/* One change, told by several records: commit, merge, pipeline, deployment, announcement. */
struct chain {
    const struct row **rows; /* in their order */
    size_t count;
    const struct row *head; /* how far it came: the row that tells it */
    struct sv told;         /* what was done, in words, of all its records */
    bool undone;            /* its last pipeline or deployment failed or was cancelled */
};

/* True if another row tells of the change. */
static inline bool
row_is_told_elsewhere(const struct row *row)
{
    return row->chain != NULL && row->chain->head != row;
}

static inline bool
row_is_signal(const struct row *row)
{
    return row->record == RECORD_ALERT || row->record == RECORD_INCIDENT_EVENT ||
           row->record == RECORD_STATUS || row->record == RECORD_LOG;
}

/* Text helpers (scan.c). */
struct sv text_one_line(struct arena *arena, struct sv text, size_t max);
struct sv text_lower(struct arena *arena, struct sv text);
struct words
text_content(struct arena *arena, const struct phrase_rules *rules, struct words words);
size_t words_common(struct words a, struct words b); /* of two content sets */
/* True if the lower-case needle stands in `lower` at the start of a word. */
bool text_has_word_start(struct sv lower, struct sv needle);
bool text_names_change(struct sv lower);
bool text_deploys_version(struct sv lower);
bool text_says_alert(struct sv text);
bool text_came_or_went(struct sv text);
bool text_asks(struct sv text);
/* The mark of an item of a list, "- ", "2) ": its length, 0: none. */
/* A title of what somebody wrote: its first line of four words or more, else all of it, and no more
 * than TITLE_MOST bytes, cut at a blank with an ellipsis behind it. */
struct sv text_title(struct arena *arena, struct sv text);
/* The next sentence of the text; a line ends one, a point behind a digit does not. False: none. */
bool text_next_sentence(struct sv *text, struct sv *ret_sentence);
size_t text_item_mark(struct sv text);
bool text_marks_action(struct sv text); /* "AI: ...", "- Action: ..." */
/* revert "SUBJECT": the subject, or absent. */
struct sv text_reverted_subject(struct sv text);
/* Of 'Revert "SUBJECT"', and of that reverted again, SUBJECT; of another text the text. */
struct sv text_innermost_subject(struct sv subject);
/* reapply "SUBJECT", or the text itself, without quotation marks that were left over. */
struct sv text_reapplied_subject(struct sv text);
bool text_same_person(struct arena *arena, struct sv a, struct sv b);

/* A map from text to a number, in the arena; grows. */
struct counter {
    struct arena *arena;
    struct counter_slot {
        struct sv key;
        int64_t value;
    } * slots;
    size_t size, count;
};
void counter_init(struct counter *counter, struct arena *arena);
/* The value of this key, made with `initial` when it is new. */
int64_t *counter_at(struct counter *counter, struct sv key, int64_t initial);
/* NULL when the key is not there. */
int64_t *counter_find(const struct counter *counter, struct sv key);

/* Integer arithmetic (fixed.c): the same on every machine. */
uint64_t isqrt64(uint64_t value);
/* log2(value) in 1 / 2^24, value 1 or more. */
int64_t log2_fixed(uint64_t value);
/* numerator / denominator to the nearest integer, halves away from zero; denominator > 0. */
int64_t divide_round(int64_t numerator, int64_t denominator);

/* Scoring, in this order. */
void row_add(struct row *row, struct sv reason, int64_t hundredths);
bool row_has_reason(const struct row *row, struct sv name);
/* A reason worth nothing, for people to know; once. */
void row_note(struct row *row, struct sv reason);
bool row_has_act(const struct row *row, enum act act);
/* copies.c: the row counts and cites the other, which is not told any more. */
void row_cite(struct story *story, struct row *row, const struct row *copy);
void fold_doors(struct story *story);  /* doors.c: what one tool tells by two ways */
void fold_twins(struct story *story);  /* twins.c: alerts that two tools tell */
void fold_copies(struct story *story); /* copies.c: what bots post of alerts */
void score_acts(struct story *story);
void note_figures(struct story *story);   /* figures.c: severity and impact that people tell */
void note_actions(struct story *story);   /* action_items.c: what people take on or give others */
void note_customers(struct story *story); /* customers.c: who speaks for customers */
void score_talk(struct story *story);
void score_changes(struct story *story);
void score_bounds(struct story *story);
void score_lines(struct story *story);   /* which log lines are more than background */
void find_chains(struct story *story);   /* which rows tell of one change */
void find_setbacks(struct story *story); /* which acts came to nothing */
void set_milestones(struct story *story);
void choose_key(struct story *story);

/* Entry kind of a scored row. */
enum entry_kind row_entry_kind(const struct row *row);

#endif
