/*
 * Holding records while they grow: see join.h. A line is decoded once, and a record of several
 * lines once more when it is complete; lines whose form says that they go on are not decoded alone.
 */
#include "ingest/source/file/join.h"

#include "hindcast/decoder.h"
#include "ingest/source/file/stamp.h"

static void
slot_init(struct join_slot *slot)
{
    strbuf_init(&slot->text, 0);
    arena_init(&slot->arena, 0);
}

static void
make(struct file_join *join, struct join_slot *slot)
{
    slot->record.value = strbuf_view(&slot->text);
    slot->record.header_count = 0;
    arena_reset(&slot->arena);
    slot->before_ns = join->reading->last_ns;
    file_make(join->reading, &slot->arena, SV_NONE, slot->record.line - 1, &slot->record);
}

static void
put_line(struct file_join *join, struct join_slot *slot, struct sv line, int64_t number)
{
    strbuf_clear(&slot->text);
    strbuf_add_sv(&slot->text, line);
    slot->record = (struct file_record){.time_ns = TIME_NONE, .name = join->name, .line = number};
    make(join, slot);
}

static struct join_facts
facts_of(const struct file_record *record)
{
    const struct event *event = record->events;
    struct join_facts facts = {.log = record->event_count == 1 && event->kind == EVENT_LOG};
    if (!facts.log)
        return facts;
    facts.format = event->format;
    facts.text = sv_eq(event->format, SV("text"));
    facts.timed = file_has_own_time(record);
    facts.severity = event->severity;
    return facts;
}

/* Of what is held and of several lines only now all is known. */
static int
hand_out(struct file_join *join, struct err *err)
{
    struct join_slot *slot = join->held;
    if (!join->holds)
        return 0;
    join->holds = false;
    join->blanks = 0;
    if (slot->state.lines > 1) {
        join->reading->last_ns = slot->before_ns;
        make(join, slot);
    }
    return file_hand(join->reading, &slot->record, err);
}

static bool
fits(const struct file_join *join, struct sv line)
{
    const struct join_slot *held = join->held;
    size_t most = held->state.unfinished ? RECORD_BYTES_MAX : FILE_JOIN_BYTES_MAX;
    return held->state.lines < FILE_JOIN_LINES_MAX &&
           held->text.len + join->blanks + 1 + line.len <= most;
}

static void
append(struct file_join *join)
{
    for (; join->blanks > 0; join->blanks--)
        strbuf_add_char(&join->held->text, '\n');
    strbuf_add_char(&join->held->text, '\n');
    strbuf_add_sv(&join->held->text, join->line.in.line);
    join_state_add(&join->held->state, &join->line);
}

static void
count(struct file_join *join, const struct join_facts *facts)
{
    if (!join_counts(&join->line))
        return;
    join->counted++;
    join->timed += facts->timed;
}

/* The spare slot has the line by itself: it begins the next record. */
static int
begin(struct file_join *join, struct err *err)
{
    int64_t seen_ns = join->spare->before_ns;
    bool grew = join->holds && join->held->state.lines > 1;
    int64_t after_ns = join->reading->last_ns;
    int status = hand_out(join, err);
    if (status != 0)
        return status;
    struct join_slot *slot = join->spare;
    join->spare = join->held;
    join->held = slot;
    if (grew && join->reading->last_ns == TIME_NONE)
        join->reading->last_ns = seen_ns; /* what the file says of all its lines */
    if (grew && join->reading->last_ns != seen_ns)
        make(join, slot); /* the one before it has another time, now that all of it is known */
    else
        join->reading->last_ns = after_ns;
    join->holds = true;
    return 0;
}

int
file_join_line(struct file_join *join, struct sv line, struct err *err)
{
    int64_t number = join->reading->line, before_ns = join->reading->last_ns;
    join_line_read(line, &join->line);
    enum join_answer answer = join->holds ? join_by_form(&join->held->state, &join->line) : JOIN_NO;
    bool room = join->holds && fits(join, line);
    if (answer == JOIN_YES && room) {
        append(join);
        return 0;
    }
    put_line(join, join->spare, line, number);
    struct join_facts facts = facts_of(&join->spare->record);
    bool timed_file = join->timed * 2 > join->counted;
    bool joins =
        answer == JOIN_YES ||
        (answer == JOIN_ASK && join_by_facts(&join->held->state, &join->line, &facts, timed_file));
    count(join, &facts);
    if (joins && room) {
        join->reading->last_ns = before_ns;
        append(join);
        return 0;
    }
    if (joins)
        join_state_go_on(&join->spare->state, &join->held->state, &join->line);
    else
        join_state_begin(&join->spare->state, &join->line, &facts);
    return begin(join, err);
}

void
file_join_blank(struct file_join *join)
{
    join->blanks += join->holds;
}

int
file_join_end(struct file_join *join, struct err *err)
{
    return hand_out(join, err);
}

/* Decodes the first lines, as they will be decoded again, and only counts. */
void
file_join_begin(struct file_join *join, struct file_reading *reading, const char *name,
                struct sv start)
{
    *join = (struct file_join){.reading = reading, .name = name};
    slot_init(&join->slots[0]);
    slot_init(&join->slots[1]);
    join->held = &join->slots[0];
    join->spare = &join->slots[1];
    int64_t last_ns = reading->last_ns;
    struct sv line;
    while (sv_find_char(start, '\n') != SIZE_MAX && sv_split(&start, '\n', &line)) {
        join_line_read(line, &join->line);
        if (sv_trim(line).len == 0 || !join_counts(&join->line))
            continue;
        put_line(join, join->spare, line, 1);
        struct join_facts facts = facts_of(&join->spare->record);
        count(join, &facts);
    }
    reading->last_ns = last_ns;
}

void
file_join_release(struct file_join *join)
{
    for (int i = 0; i < 2; i++) {
        strbuf_release(&join->slots[i].text);
        arena_release(&join->slots[i].arena);
    }
}
