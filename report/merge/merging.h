/*
 * A merge in the making: what the files of report/merge share. See merge.h. It belongs to one call
 * of merge().
 */
#ifndef REPORT_MERGE_MERGING_H
#define REPORT_MERGE_MERGING_H

#include "report/merge/align.h"
#include "report/merge/labels.h"
#include "report/merge/merge.h"

/* A piece of the merged text: a unit with the blank lines behind it. */
struct piece {
    struct sv text, gap;
    enum unit_kind kind;
    size_t indent;
    bool own;     /* people's words, or a remark: below an item it belongs to it */
    bool remark;  /* written by a merge */
    bool dropped; /* not in the merged text */
    size_t next;  /* place of the piece behind it */
};

/* The first pieces are the units of the edited text, in their places; others are put between. */
struct pieces {
    struct piece *at;
    size_t count, room;
    size_t first;
};

/* About one block or, where people removed a whole section or table, about all that is in it. */
struct listed {
    struct sv about, text; /* text: absent where lines are only counted */
    struct sv where;       /* of those: the section, or the columns of the table */
    size_t changed;
};

struct merging {
    struct arena *arena;
    const struct merge_base *base;
    struct side b, e, n; /* base with its notes behind it, edited, generated */
    size_t b_count;      /* of b without the notes */
    const struct sv *b_ids, *n_ids;
    const struct sv *about;                    /* by remark of the base: see merge_note */
    size_t *b_to_e, *b_to_n, *e_to_b, *n_to_b; /* UNIT_NONE: there is none */
    size_t *n_to_piece;                        /* where that block stands now */
    bool *taken; /* by edited unit: it is what a generated one, or a remark, reads as */
    struct labels labels;
    bool crlf;
    struct pieces pieces;
    struct merge_note *notes; /* fresh ones */
    size_t note_count, note_room;
    struct listed *listed;
    size_t listed_count, listed_room;
    struct merge_counts counts;
};

/* What remarks are about that are about no block of the text. */
#define LIST "list"     /* "list/ID": an item of the list at the end */
#define NOTICE "notice" /* the document as a whole */

/* ---- find.c ---- */

/* Unit e of the edited text was left as it was generated as b. */
bool merge_untouched(const struct merging *merging, size_t b, size_t e);
/*
 * A unit of the edited text that reads as `text` and continues no generated block: a remark, or
 * what a merge wrote that was killed before it kept its base. Each is found once. UNIT_NONE: there
 * is none.
 */
size_t merge_find(const struct merging *merging, struct sv text);

/* The records say the same, but for the numbers of footnotes. */
bool merge_same_records(const struct merging *merging, size_t b, size_t n);

/* ---- insert.c ---- */

/* Puts in the blocks that are new, and lists those that people removed. */
void merge_generated(struct merging *merging);
/* Headings, heads of tables and footnotes that the records no longer have stay where something of
 * people's needs them. */
void merge_keep_needed(struct merging *merging);

/* ---- pieces.c: the text as a list ---- */

void pieces_of(struct merging *merging, const struct units *edited);
/*
 * Puts a piece behind another (UNIT_NONE: first); `glued`: without a blank line between them. Its
 * gap, where absent, is a blank line before what follows.
 */
size_t piece_put(struct merging *merging, size_t after, struct piece piece, bool glued);
/* The last of the pieces that belong to the one at `at`: words of people below an item, remarks. */
size_t piece_end(const struct merging *merging, size_t at);
/* Adds those that are left. */
void pieces_write(const struct merging *merging, struct sv start, struct strbuf *out);
/* A text of ours with the line ends of the edited text. */
struct sv merge_lines(const struct merging *merging, struct sv text);
/* A text of people with footnotes as they are numbered now. */
struct sv merge_relabel(const struct merging *merging, struct sv text);

/* ---- cells.c: rows of tables ---- */

/*
 * Row e of the edited text, which continues b, with what n changed, cell by cell; what both changed
 * is described in `both`. Absent: a row has no head to tell columns by.
 */
struct sv
cells_merge(const struct merging *merging, size_t e, size_t b, size_t n, struct strbuf *both);
/* Row n of the generated text, for the table of the edited one whose head is e_head. */
struct sv cells_lay(const struct merging *merging, size_t n, size_t e_head);
/* Row e of the edited text is row g of a generated one, in what columns their tables share; columns
 * that only people have are empty. */
bool cells_untouched(const struct merging *merging, size_t e, const struct side *side, size_t g);
/* The rows a and b stand below heads that say the same, or below none. */
bool cells_same_head(const struct side *a, size_t row_a, const struct side *b, size_t row_b);

/* ---- remarks.c: what is said to people ---- */

/*
 * Behind e: people and the records changed it, which is now n, or (n: UNIT_NONE) no longer there.
 * `cells`: see cells_merge(); empty: the whole of it.
 */
void remark_both(struct merging *merging, size_t e, size_t b, size_t n, struct sv cells);
/* For the list at the end: n, which people removed and the records changed, or which has no place.
 */
void remark_listed(struct merging *merging, size_t n);
void remark_list(struct merging *merging);
/* At the end: what is said of the document as a whole, a line of Markdown. */
void remark_notice(struct merging *merging, struct sv notice);

#endif
