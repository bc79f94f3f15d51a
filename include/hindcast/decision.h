/*
 * Decisions: what people say of an incident and its rows. A decision is never changed, only undone
 * by a later one; replayed over whatever the records give (correlation.h), at once and for ever.
 *
 * Its content is JSON with sorted members and without blanks:
 *
 *   {"at":"2026-03-03T16:02:11Z","author":"mara","incident":UID,"rows":[{"event":UID,...}],
 *    "time":"...","value":"...","verb":"retime","why":"..."}
 *
 * `author` is the name that was given; the login that wrote it is the database's affair. The id is
 * the beginning of the content's SHA-256, so carrying a decision over twice is once. Rows are named
 * by the uid of their event, with what finds them again where that is gone: the text, the time and
 * the source that they had, of log lines the fingerprint.
 *
 * Order: by time, then by id; of two that contradict the later one counts. Plain data: views into
 * the arena of whoever read it; any thread.
 */
#ifndef HINDCAST_DECISION_H
#define HINDCAST_DECISION_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/sha256.h"
#include "base/strbuf.h"

enum decision_verb {
    DECISION_NONE = 0,
#define DECISION_VERB(name, word, about, value, meaning) DECISION_##name,
#include "hindcast/decision.def"
    DECISION_VERBS
};

enum decision_about {
    ABOUT_ROWS,
    ABOUT_EPISODES,
    ABOUT_INCIDENT,
    ABOUT_OTHER,
    ABOUT_DECISION,
    ABOUT_DECLARATION
};
enum decision_value { VALUE_NOTHING, VALUE_LINE, VALUE_MILESTONE, VALUE_SEVERITY, VALUE_MOMENT };

const char *decision_word(enum decision_verb verb);
enum decision_verb decision_read_word(struct sv word); /* DECISION_NONE: not one */
enum decision_about decision_about(enum decision_verb verb);
enum decision_value decision_takes(enum decision_verb verb);
/* True if it says which incident something belongs to. */
static inline bool
decision_moves(enum decision_verb verb)
{
    return decision_about(verb) == ABOUT_EPISODES || decision_about(verb) == ABOUT_OTHER;
}
const char *decision_meaning(enum decision_verb verb);

#define DECISION_ID 20                     /* hex digits of an id: 80 bits */
#define DECISION_LINE_MAX ((size_t)1000)   /* bytes of a value, a reason */
#define DECISION_NAME_MAX ((size_t)200)    /* of an author, a source, a fingerprint */
#define DECISION_ROWS_MAX ((size_t)200)    /* that one decision names */
#define DECISION_BYTES_MAX ((size_t)65536) /* of its content */
#define DECISION_UID 32                    /* hex digits of an event's uid */
#define DECISION_NO_ROW "none"             /* a milestone that no row proves */

/* A row as it was named. */
struct decision_row {
    struct sv event;               /* uid of its event */
    struct sv fingerprint, source; /* of a folded row of log lines; source: of any */
    struct sv text;                /* what it said */
    int64_t time_ns;               /* when it was, by its record */
};

struct decision {
    struct sv id, digest, content; /* of the content; absent before decision_seal() */
    enum decision_verb verb;
    int64_t at_ns; /* when it was decided, to the microsecond */
    struct sv author, why;
    struct sv incident; /* uid of any of its records */
    struct sv target;   /* id of a decision or declaration; uid of a record of another incident */
    struct sv value;
    int64_t time_ns; /* of a note or of a row that moves; TIME_NONE */
    const struct decision_row *rows;
    size_t row_count;
};

/* Fills in content, digest and id. USAGE: bounds that no decision may leave, each named. */
int decision_seal(struct arena *arena, struct decision *decision, struct err *err) MUST_CHECK;
/*
 * A line of JSON: what decision_seal() made, or the same by hand, which may lack `at` and `author`
 * (TIME_NONE, absent; then it is not sealed). A member "id" must be that of the content. USAGE: it
 * is none, with the reason.
 */
int decision_read(struct arena *arena, struct sv json, struct decision *ret_decision,
                  struct err *err) MUST_CHECK;
/* By time, then id; for qsort() over an array of decisions. */
int decision_order(const void *left, const void *right);
/* What severity a word ("critical", "SEV2", "P2") or a number of OpenTelemetry's means, case does
 * not count; 0: none. */
int decision_severity(struct sv value);

/* ------------------------------------------------------------------ what became of it */

enum decided_state {
    DECIDED_APPLIED,
    DECIDED_OVERRULED, /* a later one says otherwise */
    DECIDED_UNDONE,
    DECIDED_UNMATCHED, /* what it names is not there */
};
const char *decided_word(enum decided_state state);
enum decided_state decided_read_word(struct sv word);

#define DECIDED_NEAREST 3 /* candidates that are shown of what is not there */

/* A row that it changed, as the records tell it; of one that is not there a candidate. */
struct decided_row {
    struct sv entry_id, text;
    int64_t time_ns;
};

struct decided {
    struct decision decision;
    enum decided_state state;
    struct sv by;  /* id of the decision that overruled or undid it */
    struct sv was; /* what the records say instead; of a title and the like */
    const struct decided_row *rows;
    size_t row_count;
};

/* {"by":...,"content":"...","rows":[...],"state":...,"was":...}: for the table and the export. */
void decided_put(struct strbuf *out, const struct decided *decided);
/* An array of those. False: it is none of ours. */
bool
decided_read(struct arena *arena, struct sv json, struct decided **ret_list, size_t *ret_count);

#endif
