/*
 * Large JSON documents: see pieces.h. What is put together from the bytes of an object is held in
 * `head`: all that was read of it but the elements of lists that are cut, which are in `last`.
 */
#include "ingest/source/file/pieces.h"

#include "hindcast/decoder.h"
#include "ingest/source/file/document.h"
#include "ingest/source/file/rests.h"
#include "ingest/source/file/slack.h"
#include "ingest/source/file/span.h"

struct closers {
    char signs[FILE_PIECE_DEPTH_MAX];     /* that close what is open; the innermost is the last */
    size_t numbers[FILE_PIECE_DEPTH_MAX]; /* of what is open, among the rests */
    size_t count;
};

struct pieces {
    struct file_reading *reading;
    const char *name;
    const struct file_bytes *bytes;
    struct sv channel;              /* of a day of a Slack export, or absent */
    int64_t line, at;               /* of the next byte */
    const struct file_bytes *scout; /* or NULL */
    int64_t scouted;                /* the place of its next byte */
    struct rests *rests;            /* of the object that is cut */
    bool dry;                       /* this is who goes ahead: nothing is handed out */
    struct strbuf head, last, piece;
    struct closers open, around_last; /* of the head; of the list of `last` */
    size_t last_at;                   /* where `last` belongs in the head */
    size_t last_count;                /* elements of `last` */
    int64_t last_line;
    bool failed; /* the value is none, breaks off, or has too much around its list */
    struct err *err;
};

/* ---- bytes ---- */

static struct sv
pending(const struct pieces *p)
{
    return p->bytes->pending(p->bytes->opaque);
}

static void
use(struct pieces *p, size_t count)
{
    struct sv bytes = sv_slice(pending(p), 0, count);
    for (size_t at; (at = sv_find_char(bytes, '\n')) != SIZE_MAX; p->line++)
        bytes = sv_slice(bytes, at + 1, bytes.len);
    p->at += (int64_t)count;
    p->bytes->use(p->bytes->opaque, count);
}

static bool
fill(struct pieces *p)
{
    return p->bytes->fill(p->bytes->opaque);
}

/* The next byte that is no blank; '\0': the bytes have ended. */
static char
next(struct pieces *p)
{
    for (;;) {
        struct sv bytes = pending(p);
        size_t blanks = 0;
        while (blanks < bytes.len && (bytes.ptr[blanks] == ' ' || bytes.ptr[blanks] == '\t' ||
                                      bytes.ptr[blanks] == '\r' || bytes.ptr[blanks] == '\n'))
            blanks++;
        use(p, blanks);
        if (blanks < bytes.len)
            return bytes.ptr[blanks];
        if (!fill(p))
            return '\0';
    }
}

/* The value that is next, if it has no more bytes than the limit; else, or where it breaks off,
 * SV_NONE. It stands until more bytes are read. */
static struct sv
value_within(struct pieces *p, size_t limit)
{
    struct json_span span = {0};
    while (!json_span_ends(&span, pending(p)))
        if (pending(p).len > limit || !fill(p))
            return SV_NONE;
    return span.at > limit ? SV_NONE : sv_slice(pending(p), 0, span.at);
}

/* The value that is next, or the rest of one with so many brackets open, is left out. */
static void
pass_over(struct pieces *p, int depth)
{
    struct json_span span = {.depth = depth};
    while (!json_span_ends(&span, pending(p))) {
        size_t used = pending(p).len;
        use(p, used);
        span.at = span.at > used ? 1 : 0;
        if (!fill(p))
            return;
    }
    use(p, span.at);
}

static void
skip(struct pieces *p, const char *reason)
{
    if (!p->dry)
        file_skip(p->reading, p->name, p->line, reason);
}

/* ---- records ---- */

static int
emit(struct pieces *p, struct sv value, int64_t line)
{
    struct file_reading *reading = p->reading;
    if (p->dry)
        return 0;
    value = sv_trim(value);
    /* Among objects a plain value is a fault and not a line of text. */
    bool plain = !sv_empty(value) && value.ptr[0] != '{' && value.ptr[0] != '[';
    reading->format = plain ? "json" : NULL;
    reading->line = line;
    int status = sv_empty(value) ? 0 : file_emit(reading, p->name, p->channel, value, p->err);
    reading->format = NULL;
    return status;
}

/* How much is known to follow what is open. */
static size_t
rests_length(const struct pieces *p, const struct closers *closers)
{
    size_t len = closers->count;
    for (size_t i = 0; i < closers->count; i++)
        len += rests_behind(p->rests, closers->numbers[i]).len;
    return len;
}

static void
add_closers(struct pieces *p, const struct closers *closers)
{
    bool fits = p->piece.len + rests_length(p, closers) <= RECORD_BYTES_MAX;
    for (size_t i = closers->count; i > 0; i--) {
        strbuf_add_char(&p->piece, closers->signs[i - 1]);
        if (fits)
            strbuf_add_sv(&p->piece, rests_behind(p->rests, closers->numbers[i - 1]));
    }
}

/* `last` in its place, with what stands behind it or without. */
static int
emit_last(struct pieces *p, bool with_rest)
{
    struct sv head = strbuf_view(&p->head);
    if (p->dry)
        return 0;
    strbuf_clear(&p->piece);
    strbuf_add_sv(&p->piece, sv_slice(head, 0, p->last_at));
    strbuf_add_sv(&p->piece, strbuf_view(&p->last));
    if (with_rest)
        strbuf_add_sv(&p->piece, sv_slice(head, p->last_at, head.len));
    add_closers(p, with_rest ? &p->open : &p->around_last);
    strbuf_clear(&p->last);
    p->last_count = 0;
    return emit(p, strbuf_view(&p->piece), p->last_line);
}

static bool
open_bracket(struct pieces *p, char sign)
{
    struct closers *open = &p->open;
    if (open->count == FILE_PIECE_DEPTH_MAX)
        return false;
    size_t around = open->count == 0 ? REST_NONE : open->numbers[open->count - 1];
    open->numbers[open->count] =
        p->dry ? rests_opened(p->rests, p->at, around) : rests_find(p->rests, p->at);
    open->signs[open->count++] = sign == '{' ? '}' : ']';
    use(p, 1);
    strbuf_add_char(&p->head, sign);
    return true;
}

static void
close_bracket(struct pieces *p)
{
    char sign = p->open.signs[--p->open.count];
    if (p->dry)
        rests_closes(p->rests, p->open.numbers[p->open.count], strbuf_view(&p->head), sign == '}');
    use(p, 1);
    strbuf_add_char(&p->head, sign);
}

/* ---- objects ---- */

/* A list in it, or it itself, has more elements than a record may have events. */
static bool
crowded(struct sv value)
{
    return json_span_crowded(value, true, EVENTS_PER_RECORD_MAX);
}

static int cut_object(struct pieces *p);

/* Is the list that is next one of objects? It is left as it is. */
static bool
is_list_of_objects(struct pieces *p)
{
    for (size_t at = 1;; at++) {
        if (at >= pending(p).len && (at > FILE_PIECE_BYTES_MAX || !fill(p)))
            return false;
        char c = pending(p).ptr[at];
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            return c == '{';
    }
}

/* An element with a list of its own: what is around this one stands around that one too. */
static int
cut_element(struct pieces *p, const struct closers *around)
{
    size_t list_at = p->head.len;
    int status = p->last_count > 0 ? emit_last(p, false) : 0;
    p->last_at = p->head.len;
    p->last_line = p->line;
    if (status == 0)
        status = cut_object(p);
    if (status == 0 && !p->failed)
        status = emit_last(p, true);
    if (p->failed)
        return status;
    p->head.len = list_at;
    p->last_at = list_at;
    p->around_last = *around;
    return status;
}

static int
add_element(struct pieces *p, struct sv value)
{
    int status = 0;
    if (p->dry) {
        use(p, value.len);
        return 0;
    }
    if (p->last_count == FILE_PIECE_ELEMENTS_MAX ||
        (p->last_count > 0 && p->last.len + value.len > FILE_PIECE_BYTES_MAX))
        status = emit_last(p, false);
    if (p->last_count == 0)
        p->last_line = p->line;
    else
        strbuf_add_char(&p->last, ',');
    strbuf_add_sv(&p->last, value);
    p->last_count++;
    use(p, value.len);
    return status;
}

static int
cut_list(struct pieces *p)
{
    int status = p->last_count > 0 ? emit_last(p, false) : 0;
    if (!open_bracket(p, '[')) {
        p->failed = true;
        return status;
    }
    const struct closers around = p->open;
    p->last_at = p->head.len;
    p->around_last = around;
    p->failed = p->head.overflow;
    char c = '\0';
    while (status == 0 && !p->failed && (c = next(p)) != ']' && c != '\0') {
        struct sv value = value_within(p, FILE_PIECE_BYTES_MAX);
        if (c == ',') {
            use(p, 1);
        } else if (!sv_empty(value) && !crowded(value)) {
            status = add_element(p, value);
        } else if (c == '{') {
            status = cut_element(p, &around);
        } else {
            skip(p, "an element of a list is larger than 1 MiB");
            pass_over(p, 0);
        }
    }
    if (c == '\0')
        p->failed = true;
    if (status == 0 && !p->failed)
        close_bracket(p);
    return status;
}

/* The name of a member and its colon. */
static bool
take_name(struct pieces *p)
{
    size_t at = 1;
    for (;; at++) {
        while (at >= pending(p).len)
            if (at > FILE_PIECE_BYTES_MAX || !fill(p))
                return false;
        if (pending(p).ptr[at] == '\\')
            at++;
        else if (pending(p).ptr[at] == '"')
            break;
    }
    strbuf_add_sv(&p->head, sv_slice(pending(p), 0, at + 1));
    use(p, at + 1);
    if (next(p) != ':')
        return false;
    use(p, 1);
    strbuf_add_char(&p->head, ':');
    return true;
}

static int
take_member(struct pieces *p)
{
    if (!take_name(p)) {
        p->failed = true;
        return 0;
    }
    char c = next(p);
    struct sv value = value_within(p, FILE_PIECE_BYTES_MAX);
    if (!sv_empty(value) && !crowded(value)) {
        strbuf_add_sv(&p->head, value);
        use(p, value.len);
        return 0;
    }
    if (c == '[' && is_list_of_objects(p))
        return cut_list(p);
    if (c == '{' && p->open.count < FILE_PIECE_DEPTH_MAX)
        return cut_object(p);
    if (sv_empty(value) && pending(p).len <= FILE_PIECE_BYTES_MAX) { /* none, or it breaks off */
        p->failed = true;
        return 0;
    }
    skip(p, "a value of an object is larger than 1 MiB");
    strbuf_add_text(&p->head, "null");
    pass_over(p, 0);
    return 0;
}

static int
cut_object(struct pieces *p)
{
    int status = 0;
    char c = '\0';
    if (!open_bracket(p, '{')) {
        p->failed = true;
        return 0;
    }
    while (status == 0 && !p->failed && (c = next(p)) != '}') {
        if (c == ',') {
            use(p, 1);
            strbuf_add_char(&p->head, ',');
        } else if (c == '"') {
            status = take_member(p);
        } else {
            p->failed = true;
        }
        p->failed = p->failed || p->head.overflow;
    }
    if (status == 0 && !p->failed)
        close_bracket(p);
    return status;
}

/* ---- documents ---- */

/* What is known so far is a record; the rest of the value is left out. */
static int
give_up(struct pieces *p)
{
    bool broken = p->bytes->broken(p->bytes->opaque), ended = next(p) == '\0';
    int status = 0;
    if (ended && broken) /* whoever tries again gets the whole of it */
        return 0;
    if (p->last_count > 0)
        status = emit_last(p, false);
    skip(p, ended              ? "the document breaks off"
            : p->head.overflow ? "what stands around a list is larger than 7 MiB"
                               : "an object cannot be cut into records");
    if (!ended)
        pass_over(p, (int)p->open.count);
    return status;
}

/* ---- going ahead ---- */

/* Bytes that are in memory, as somebody else's. */
struct memory_bytes {
    struct sv left;
};

static struct sv
memory_pending(const void *opaque)
{
    const struct memory_bytes *memory = opaque;
    return memory->left;
}

static bool
memory_fill(void *opaque)
{
    (void)opaque;
    return false;
}

static void
memory_use(void *opaque, size_t count)
{
    struct memory_bytes *memory = opaque;
    memory->left = sv_slice(memory->left, count, memory->left.len);
}

static bool
memory_broken(const void *opaque)
{
    (void)opaque;
    return false;
}

/* The scout is brought to the next byte of the reading. False: it cannot get there. */
static bool
scout_reaches(struct pieces *p)
{
    const struct file_bytes *scout = p->scout;
    while (scout != NULL && p->scouted < p->at) {
        size_t len = scout->pending(scout->opaque).len;
        int64_t missing = p->at - p->scouted;
        if (len == 0 && !scout->fill(scout->opaque))
            return false;
        size_t count = (int64_t)len < missing ? len : (size_t)missing;
        scout->use(scout->opaque, count);
        p->scouted += (int64_t)count;
    }
    return scout != NULL;
}

static void
go_ahead(struct pieces *p, const struct file_bytes *bytes)
{
    struct pieces ahead = {.reading = p->reading,
                           .name = p->name,
                           .bytes = bytes,
                           .at = p->at,
                           .rests = p->rests,
                           .dry = true};
    strbuf_init(&ahead.head, RECORD_BYTES_MAX - FILE_PIECE_BYTES_MAX);
    int status = cut_object(&ahead);
    p->scouted = bytes == p->scout ? ahead.at : p->scouted;
    strbuf_release(&ahead.head);
    if (status != 0 || ahead.failed)
        rests_clear(p->rests);
    else if (p->rests->over)
        skip(p, "more than 1 MiB stands behind lists: it is only with their last elements");
}

static void
look_ahead(struct pieces *p)
{
    struct json_span span = {0};
    struct memory_bytes memory = {pending(p)};
    const struct file_bytes bytes = {&memory, memory_pending, memory_fill, memory_use,
                                     memory_broken};
    rests_clear(p->rests);
    if (json_span_ends(&span, pending(p)))
        go_ahead(p, &bytes);
    else if (scout_reaches(p))
        go_ahead(p, p->scout);
    else
        p->scout = NULL;
}

static int
large_object(struct pieces *p)
{
    strbuf_clear(&p->head);
    strbuf_clear(&p->last);
    p->open.count = p->around_last.count = 0;
    p->last_at = p->last_count = 0;
    p->last_line = p->line;
    p->failed = false;
    look_ahead(p);
    int status = cut_object(p);
    if (status == 0)
        status = p->failed ? give_up(p) : emit_last(p, true);
    return status;
}

/* An object, or any value that is small enough. */
static int
one_value(struct pieces *p, char first)
{
    int64_t line = p->line;
    struct sv value = value_within(p, RECORD_BYTES_MAX);
    bool whole = !sv_empty(value), larger = !whole && pending(p).len > RECORD_BYTES_MAX;
    bool lost = !whole && p->bytes->broken(p->bytes->opaque);
    if (!whole && !larger)
        value = pending(p); /* the last one, which breaks off */
    if (first == '{' && (larger || json_span_crowded(value, false, EVENTS_PER_RECORD_MAX)))
        return large_object(p);
    if (!larger) {
        int status = lost ? 0 : emit(p, value, line);
        use(p, value.len);
        return status;
    }
    skip(p, "a record is larger than 8 MiB");
    pass_over(p, 0);
    return 0;
}

static int
elements(struct pieces *p)
{
    int status = 0;
    char c;
    use(p, 1);
    while (status == 0 && (c = next(p)) != ']' && c != '\0') {
        if (c == ',' || c == '}')
            use(p, 1);
        else
            status = one_value(p, c);
    }
    if (status == 0 && c == ']')
        use(p, 1);
    return status;
}

static bool
is_object_begin(struct sv bytes)
{
    struct sv inside = sv_trim(sv_slice(bytes, 1, bytes.len));
    return !sv_empty(bytes) && bytes.ptr[0] == '{' && !sv_empty(inside) && inside.ptr[0] == '"';
}

/* The first object is whole and can be parsed, or is so large that it cannot be told. */
bool
file_json_begins(struct sv bytes)
{
    bool array = false;
    struct json_span span = {0};
    bytes = sv_trim(bytes);
    if (!sv_empty(bytes) && bytes.ptr[0] == '[')
        bytes = sv_trim(sv_slice(bytes, 1, bytes.len));
    if (!is_object_begin(bytes))
        return false;
    return !json_span_ends(&span, bytes) ||
           file_is_json_line(sv_slice(bytes, 0, span.at), &array) ||
           file_is_json_sequence(sv_slice(bytes, 0, span.at));
}

bool
file_json_crowded(struct sv bytes)
{
    return json_span_crowded(bytes, false, EVENTS_PER_RECORD_MAX);
}

int
file_json_pieces(struct file_reading *reading, const char *name, const struct file_bytes *bytes,
                 const struct file_bytes *scout, struct err *err)
{
    struct rests rests;
    struct pieces p = {.reading = reading,
                       .name = name,
                       .bytes = bytes,
                       .scout = scout,
                       .rests = &rests,
                       .line = 1,
                       .err = err};
    rests_init(&rests);
    strbuf_init(&p.head, RECORD_BYTES_MAX - FILE_PIECE_BYTES_MAX);
    strbuf_init(&p.last, 2 * FILE_PIECE_BYTES_MAX);
    strbuf_init(&p.piece, 2 * RECORD_BYTES_MAX);
    if (!slack_day_file(name, &p.channel))
        p.channel = SV_NONE;
    struct file_users *guests =
        p.channel.ptr != NULL ? slack_guests(pending(&p), reading->users) : NULL;
    reading->guests = guests;
    int status = 0;
    for (char c; status == 0 && (c = next(&p)) != '\0';) {
        if (c == '[' && is_list_of_objects(&p))
            status = elements(&p);
        else if (c == ',' || c == ']' || c == '}')
            use(&p, 1);
        else
            status = one_value(&p, c);
    }
    reading->guests = NULL;
    file_users_free(guests);
    rests_release(&rests);
    strbuf_release(&p.head);
    strbuf_release(&p.last);
    strbuf_release(&p.piece);
    return status;
}
