/*
 * What was edited in a timeline, as decisions: see curate_text.h.
 */
#include <stdio.h>

#include "app/curate_line.h"
#include "app/curate_text.h"
#include "app/id_index.h"
#include "base/clock.h"

#define ID_LEAST 8 /* digits that name a row */

/* What became of a milestone in the rows that were kept. */
struct mark {
    bool removed;
    struct sv added, kept; /* ids of rows; absent: none */
};

/* An edited text while it is read, line by line. */
struct reading {
    struct arena *arena;
    const struct incident *incident;
    struct decision begun;
    struct decision_list *list;
    struct sv *base; /* lines of what was printed */
    size_t base_count;
    struct id_index printed; /* of those, by id */
    struct id_index entries;
    bool *taken;               /* of each entry: a line has said something of it */
    const struct entry *above; /* the row that a line with > is about; NULL: none */
    int64_t day_ns;            /* of the row before */
    size_t seen;               /* rows that the text has */
    struct mark marks[MILESTONE_COUNT];
};

static int
add(struct reading *reading, struct decision decision, struct err *err)
{
    if (decision_seal(reading->arena, &decision, err) != 0)
        return -1;
    decision_list_add(reading->arena, reading->list, &decision);
    return 0;
}

static int
undo(struct reading *reading, const struct decided *decided, struct err *err)
{
    struct decision decision = reading->begun;
    decision.verb = DECISION_UNDO;
    decision.incident = SV_NONE;
    decision.target = decided->decision.id;
    return add(reading, decision, err);
}

static int
say_of_row(struct reading *reading, enum decision_verb verb, const struct entry *entry,
           struct sv value, int64_t time_ns, struct err *err)
{
    struct decision decision = reading->begun;
    struct decision_row *row = ARENA_NEW(reading->arena, struct decision_row);
    decision.verb = verb;
    if (decide_row(reading->arena, reading->incident, arena_strdup(reading->arena, entry->entry_id),
                   row, err) != 0)
        return -1;
    decision.rows = row;
    decision.row_count = 1;
    decision.value = value;
    decision.time_ns = time_ns;
    return add(reading, decision, err);
}

/* ------------------------------------------------------------------ what was printed */

/* What was printed counts where nobody changed it: else the incident as it is now is compared with.
 */
static bool
is_whole(struct arena *arena, struct sv text)
{
    struct sv sum = SV_NONE;
    for (struct sv rest = text, line; sv_split(&rest, '\n', &line);)
        if (sv_starts(line, SV(CURATE_SUM)))
            sum = sv_trim(sv_slice(line, sizeof(CURATE_SUM) - 1, line.len));
    return sv_eq(sum, curate_sum(arena, text));
}

static void
read_base(struct reading *reading, struct sv text)
{
    size_t lines = 0;
    for (struct sv rest = text, line; sv_split(&rest, '\n', &line);)
        lines += sv_starts(line, SV(CURATE_BASE));
    reading->base = ARENA_ARRAY(reading->arena, struct sv, lines + 1);
    id_index_init(&reading->printed, reading->arena, lines);
    bool whole = is_whole(reading->arena, text);
    for (struct sv rest = text, line; whole && sv_split(&rest, '\n', &line);) {
        if (!sv_starts(line, SV(CURATE_BASE)))
            continue;
        struct sv base = sv_trim(sv_slice(line, sizeof(CURATE_BASE) - 1, line.len));
        id_index_add(&reading->printed, curate_line_of(base).id, reading->base_count);
        reading->base[reading->base_count++] = base;
    }
    id_index_sort(&reading->printed);
    reading->taken = ARENA_ARRAY(reading->arena, bool, reading->incident->entry_count + 1);
    id_index_init(&reading->entries, reading->arena, reading->incident->entry_count);
    for (size_t i = 0; i < reading->incident->entry_count; i++)
        id_index_add(&reading->entries, reading->incident->entries[i].entry_id, i);
    id_index_sort(&reading->entries);
}

/* What was printed of a row. */
static struct curate_line
printed_row(const struct reading *reading, struct sv id)
{
    size_t at = id.len < ID_LEAST ? SIZE_MAX : id_index_find(&reading->printed, id);
    return at == SIZE_MAX ? (struct curate_line){SV_NONE, SV_NONE, SV_NONE, SV_NONE, SV_NONE}
                          : curate_line_of(reading->base[at]);
}

/* What was printed of a field; absent: nothing was. */
static struct sv
printed_field(const struct reading *reading, struct sv word)
{
    for (size_t i = 0; i < reading->base_count; i++)
        if (sv_starts(reading->base[i], word) && reading->base[i].len > word.len &&
            reading->base[i].ptr[word.len] == ':')
            return reading->base[i];
    return SV_NONE;
}

static const struct entry *
entry_with(const struct reading *reading, struct sv id)
{
    size_t at = id.len < ID_LEAST ? SIZE_MAX : id_index_find(&reading->entries, id);
    return at == SIZE_MAX ? NULL : &reading->incident->entries[at];
}

/* As long as an id is printed, and of its digits. */
static bool
is_id(const struct incident *incident, struct sv word)
{
    bool is = word.len == curate_id_length(incident);
    for (size_t i = 0; i < word.len && is; i++)
        is = (word.ptr[i] >= '0' && word.ptr[i] <= '9') ||
             (word.ptr[i] >= 'a' && word.ptr[i] <= 'f');
    return is;
}

static const struct decided *
hidden_with(const struct reading *reading, struct sv id)
{
    for (size_t i = 0; i < reading->incident->decision_count && id.len >= ID_LEAST; i++) {
        const struct decided *decided = &reading->incident->decisions[i];
        if (decided->row_count > 0 && sv_starts(decided->rows[0].entry_id, id) &&
            curate_hidden(reading->incident, decided->rows[0].entry_id) == decided)
            return decided;
    }
    return NULL;
}

/* ------------------------------------------------------------------ milestones */

static bool
has_mark(struct sv marks, struct sv wanted)
{
    for (struct sv word; sv_split(&marks, ',', &word);)
        if (sv_eq(sv_trim(word), wanted))
            return true;
    return false;
}

/* `there`: what the row proves by now; what somebody took away since it was printed is away. */
static int
no_milestone(struct sv word, struct err *err)
{
    struct strbuf names;
    strbuf_init(&names, 0);
    for (int m = 1; m < MILESTONE_COUNT; m++)
        strbuf_addf(&names, "%s%s", m == 1 ? "" : ", ", milestone_word((enum milestone)m));
    err_set(err, ERR_USAGE, "there is no milestone '" SV_FMT "': " SV_FMT, SV_ARG(word),
            SV_ARG(strbuf_view(&names)));
    strbuf_release(&names);
    return -1;
}

static int
take_marks(struct reading *reading, struct sv id, struct sv before, struct sv now, struct sv there,
           struct err *err)
{
    for (struct sv rest = before, word; sv_split(&rest, ',', &word);)
        if (!has_mark(now, sv_trim(word)) && has_mark(there, sv_trim(word)))
            reading->marks[milestone_read(sv_trim(word))].removed = true;
    for (struct sv rest = now, word; sv_split(&rest, ',', &word);) {
        word = sv_trim(word);
        enum milestone milestone = milestone_read(word);
        if (sv_empty(word))
            continue;
        if (milestone == MILESTONE_NONE)
            return no_milestone(word, err);
        if (has_mark(before, word))
            reading->marks[milestone].kept = id;
        else
            reading->marks[milestone].added = id;
    }
    return 0;
}

/* The row that it was added to proves it; where it was only taken away, one that kept it, or none.
 */
static int
decide_marks(struct reading *reading, struct err *err)
{
    for (int m = 1; m < MILESTONE_COUNT; m++) {
        const struct mark *mark = &reading->marks[m];
        struct sv id = sv_empty(mark->added) ? mark->kept : mark->added;
        struct sv word = sv_from(milestone_word((enum milestone)m));
        struct decision decision = reading->begun;
        int status = 0;
        decision.verb = DECISION_MILESTONE;
        decision.value = word;
        if (sv_empty(mark->added) && !mark->removed)
            continue;
        if (sv_empty(id))
            status = add(reading, decision, err);
        else
            status = say_of_row(reading, DECISION_MILESTONE, entry_with(reading, id), word,
                                TIME_NONE, err);
        if (status != 0)
            return -1;
    }
    return 0;
}

/* ------------------------------------------------------------------ lines */

static int
weigh(struct reading *reading, const struct entry *entry, struct sv before, struct sv now,
      struct err *err)
{
    static const struct {
        const char *word;
        enum decision_verb verb;
    } verbs[] = {{"row", DECISION_UNKEY},
                 {"key", DECISION_KEY},
                 {"pin", DECISION_PIN},
                 {"hide", DECISION_HIDE},
                 {"unkey", DECISION_UNKEY}};
    const struct decided *pin = NULL;
    if (sv_eq(before, now) || sv_eq(now, SV("keep")))
        return 0;
    for (size_t i = 0; i < reading->incident->decision_count; i++) {
        const struct decided *decided = &reading->incident->decisions[i];
        if (decided->decision.verb == DECISION_PIN && decided->state == DECIDED_APPLIED &&
            decided->row_count > 0 && sv_eq(decided->rows[0].entry_id, entry->entry_id))
            pin = decided;
    }
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (!sv_eq(now, sv_from(verbs[i].word)))
            continue;
        if (pin != NULL && verbs[i].verb != DECISION_HIDE && undo(reading, pin, err) != 0)
            return -1;
        return say_of_row(reading, verbs[i].verb, entry, SV_NONE, TIME_NONE, err);
    }
    return err_set(err, ERR_USAGE, "there is no '" SV_FMT "': row, key, pin or hide", SV_ARG(now));
}

static int
read_time(struct reading *reading, struct sv text, int64_t near_ns, int64_t *ret_ns,
          struct err *err)
{
    return decide_time(reading->arena, arena_strdup(reading->arena, text), near_ns, ret_ns, err);
}

/* True if this line changes the row, and one before it did. */
static bool
said_twice(struct reading *reading, const struct curate_line *line, const struct curate_line *base,
           const struct entry *entry)
{
    bool *taken = &reading->taken[entry - reading->incident->entries];
    bool before = *taken, changed = !sv_eq(line->verb, base->verb) ||
                                    !sv_eq(line->time, base->time) ||
                                    !sv_eq(line->marks, base->marks);
    *taken = before || changed;
    return before && changed;
}

static int
take_row(struct reading *reading, const struct curate_line *line, const struct entry *entry,
         struct err *err)
{
    struct curate_row now = curate_row_of(reading->arena, reading->incident, entry);
    struct curate_line base = printed_row(reading, line->id);
    int64_t ns;
    if (sv_empty(base.verb))
        base = (struct curate_line){now.verb, now.time, line->id, now.marks, now.words};
    reading->above = entry;
    reading->day_ns = entry->time_ns;
    if (!sv_eq(sv_trim(line->words), now.words) && !sv_eq(line->words, base.words))
        return err_set(err, ERR_USAGE,
                       "the words of a record stay; write yours on a line below: > words");
    if (said_twice(reading, line, &base, entry))
        return err_set(err, ERR_USAGE, "the row is changed on a line above already");
    if (take_marks(reading, line->id, base.marks, line->marks, now.marks, err) != 0 ||
        weigh(reading, entry, base.verb, line->verb, err) != 0)
        return -1;
    if (sv_eq(base.time, line->time))
        return 0;
    if (read_time(reading, line->time, entry->time_ns, &ns, err) != 0)
        return -1;
    return say_of_row(reading, DECISION_RETIME, entry, SV_NONE, ns, err);
}

/* note TIME WHO: text */
static int
take_new_note(struct reading *reading, struct sv text, struct err *err)
{
    struct decision decision = reading->begun;
    struct sv time = curate_time(&text);
    if (time.len > 1 && time.ptr[time.len - 1] == ':')
        time.len--;
    size_t colon = sv_find(text, SV(": "));
    decision.verb = DECISION_NOTE;
    if (sv_empty(time) || sv_empty(text))
        return err_set(err, ERR_USAGE, "a note needs a time and words: note 14:09:30 Mara: words");
    if (read_time(reading, time, reading->day_ns, &decision.time_ns, err) != 0)
        return -1;
    decision.value = text;
    if (colon < text.len && colon > 0 && colon <= DECISION_NAME_MAX) {
        decision.author = sv_trim(sv_slice(text, 0, colon));
        decision.value = sv_trim(sv_slice(text, colon + 1, text.len));
    }
    return add(reading, decision, err);
}

/* One that is there: hidden, it is taken back; moved, it is said again. */
static int
take_old_note(struct reading *reading, const struct curate_line *line, const struct entry *entry,
              struct err *err)
{
    const struct decided *note = incident_note(reading->incident, entry);
    struct curate_line base = printed_row(reading, line->id);
    struct decision again = note->decision;
    reading->above = NULL;
    reading->day_ns = entry->time_ns;
    if (sv_eq(line->verb, SV("hide")))
        return undo(reading, note, err);
    if (!sv_eq(line->verb, SV("note")))
        return err_set(err, ERR_USAGE, "a note stays one: note, or hide");
    if (sv_empty(base.time) || sv_eq(base.time, line->time))
        return 0;
    again.at_ns = reading->begun.at_ns;
    if (read_time(reading, line->time, entry->time_ns, &again.time_ns, err) != 0 ||
        undo(reading, note, err) != 0)
        return -1;
    return add(reading, again, err);
}

/* title: words */
static bool
is_field(struct sv line, enum decision_verb *ret_verb)
{
    for (size_t i = 0; curate_fields[i] != DECISION_NONE; i++) {
        struct sv word = sv_from(decision_word(curate_fields[i]));
        if (sv_starts(line, word) && line.len > word.len && line.ptr[word.len] == ':') {
            *ret_verb = curate_fields[i];
            return true;
        }
    }
    return false;
}

static int
take_field(struct reading *reading, struct sv line, enum decision_verb verb, struct err *err)
{
    struct decision decision = reading->begun;
    size_t word = sv_from(decision_word(verb)).len + 1;
    struct sv value = sv_trim(sv_slice(line, word, line.len));
    struct sv base = printed_field(reading, sv_from(decision_word(verb)));
    const struct decided *said = incident_said(reading->incident, verb);
    struct sv before = base.ptr == NULL ? curate_field(reading->incident, verb)
                                        : sv_trim(sv_slice(base, word, base.len));
    if (sv_eq(value, before))
        return 0;
    if (sv_empty(value) && said != NULL && !sv_eq(said->decision.value, before))
        return err_set(err, ERR_USAGE, SV_FMT " said '" SV_FMT "' in the meantime",
                       SV_ARG(said->decision.author), SV_ARG(said->decision.value));
    if (sv_empty(value))
        return said == NULL ? 0 : undo(reading, said, err);
    decision.verb = verb;
    decision.value = value;
    return add(reading, decision, err);
}

/* Any other word than hide shows the row again; key and pin count then, too. */
static int
show_again(struct reading *reading, struct sv word, const struct decided *hidden, struct err *err)
{
    struct decision decision = reading->begun;
    decision.verb = sv_eq(word, SV("pin"))   ? DECISION_PIN
                    : sv_eq(word, SV("key")) ? DECISION_KEY
                                             : DECISION_NONE;
    decision.rows = hidden->decision.rows;
    decision.row_count = 1;
    if (decision.verb == DECISION_NONE && !sv_eq(word, SV("row")))
        return err_set(err, ERR_USAGE, "there is no '" SV_FMT "': row, key, pin or hide",
                       SV_ARG(word));
    if (undo(reading, hidden, err) != 0)
        return -1;
    return decision.verb == DECISION_NONE ? 0 : add(reading, decision, err);
}

/*
 * A line about a row that is not shown. What others decided since it was printed stays, and so does
 * the line, with the reason, where it says something else than was printed.
 */
static int
take_unseen(struct reading *reading, const struct curate_line *line, bool *ret_none,
            struct err *err)
{
    struct curate_line base = printed_row(reading, line->id);
    const struct decided *hidden = hidden_with(reading, line->id);
    bool hides = sv_eq(line->verb, SV("hide")), shown = !sv_empty(base.verb);
    *ret_none = hidden == NULL && !shown && !is_id(reading->incident, line->id);
    if (*ret_none)
        return 0;
    reading->above = NULL;
    if (hides || (sv_eq(line->verb, base.verb) && sv_eq(line->time, base.time) &&
                  sv_eq(line->marks, base.marks)))
        return 0;
    if (hidden == NULL)
        return err_set(err, ERR_USAGE, "the row is not in the incident any more");
    if (!shown || sv_eq(base.verb, SV("hide")))
        return show_again(reading, line->verb, hidden, err);
    return err_set(err, ERR_USAGE,
                   SV_FMT " hid the row in the meantime, decision " SV_FMT
                          "; leave it hidden, or undo that first",
                   SV_ARG(hidden->decision.author), SV_ARG(hidden->decision.id));
}

static int
take_line(struct reading *reading, struct sv line, struct err *err)
{
    struct curate_line row = curate_line_of(line);
    enum decision_verb verb;
    const struct entry *entry = entry_with(reading, row.id);
    reading->seen += entry != NULL || hidden_with(reading, row.id) != NULL;
    if (is_field(line, &verb))
        return take_field(reading, line, verb, err);
    if (sv_starts(line, SV(">"))) {
        if (reading->above == NULL)
            return err_set(err, ERR_USAGE, "above it there is no row that it could be about");
        return say_of_row(reading, DECISION_ANNOTATE, reading->above,
                          sv_trim(sv_slice(line, 1, line.len)), TIME_NONE, err);
    }
    if (entry != NULL && incident_note(reading->incident, entry) != NULL)
        return take_old_note(reading, &row, entry, err);
    if (entry != NULL)
        return take_row(reading, &row, entry, err);
    bool none;
    int status = take_unseen(reading, &row, &none, err);
    if (!none)
        return status;
    if (sv_eq(row.verb, SV("note")))
        return take_new_note(reading, sv_slice(line, sizeof("note") - 1, line.len), err);
    return err_set(err, ERR_USAGE, "it names no row: verb, time and the id that was printed");
}

/* Rows that a whole text has: what was printed and is there still; where that is not known, all. */
static size_t
rows_of_text(const struct reading *reading)
{
    size_t rows = 0;
    for (size_t i = 0; i < reading->base_count; i++) {
        struct sv id = curate_line_of(reading->base[i]).id;
        rows += entry_with(reading, id) != NULL || hidden_with(reading, id) != NULL;
    }
    return reading->base_count > 0
               ? rows
               : reading->incident->entry_count + incident_hidden(reading->incident);
}

void
curate_read(struct arena *arena, const struct stored_incident *stored, const struct decision *begun,
            struct sv text, struct decision_list *list, struct strbuf *ret_again, size_t *ret_wrong,
            size_t *ret_gone)
{
    struct reading reading = {.arena = arena,
                              .incident = &stored->incident,
                              .begun = *begun,
                              .list = list,
                              .day_ns = stored->incident.first_ns};
    size_t wrong = 0;
    struct err err;
    reading.begun.incident = decide_uid(&stored->incident);
    list->scope = stored->scope;
    text = decide_text(text);
    read_base(&reading, text);
    for (struct sv line; sv_split(&text, '\n', &line);) {
        if (sv_starts(line, SV(CURATE_REASON)))
            continue; /* of the last time */
        struct sv trimmed = sv_trim(line);
        if (!sv_empty(trimmed) && !sv_starts(trimmed, SV("#")) &&
            take_line(&reading, trimmed, &err) != 0) {
            strbuf_addf(ret_again, CURATE_REASON "%s\n", err.message);
            wrong++;
        }
        strbuf_add_sv(ret_again, line);
        if (text.ptr != NULL)
            strbuf_add_char(ret_again, '\n');
    }
    if (decide_marks(&reading, &err) != 0) {
        strbuf_addf(ret_again, CURATE_REASON "%s\n", err.message);
        wrong++;
    }
    size_t rows = rows_of_text(&reading);
    *ret_gone = reading.seen > 0 && reading.seen < rows ? rows - reading.seen : 0;
    *ret_wrong = wrong;
}
