/*
 * Bodies of pasted messages: see paste_body.h.
 */
#include "ingest/talk/paste_body.h"

#include "base/strbuf.h"
#include "ingest/talk/paste_noise.h"

struct body {
    const struct paste_heads *heads;
    size_t to;
    struct strbuf text;
    struct talk_message *message;
    bool after_mention; /* the line before was a mention alone */
    int blanks;         /* lines before the next one */
};

static struct sv
line_of(const struct body *body, size_t line)
{
    return body->heads->lines[line].text;
}

/* The next line with something on it; SIZE_MAX: none. */
static size_t
next_line(const struct body *body, size_t line)
{
    for (size_t i = line + 1; i < body->to; i++)
        if (!sv_empty(line_of(body, i)))
            return i;
    return SIZE_MAX;
}

/* "@ada" alone: browsers put mentions on lines of their own. */
static bool
is_mention(struct sv line)
{
    if (line.len < 2 || line.len > 60 || line.ptr[0] != '@')
        return false;
    size_t words = 1;
    for (size_t i = 0; i < line.len; i++)
        words += line.ptr[i] == ' ';
    return words <= 3 && strchr(".,!?:", line.ptr[line.len - 1]) == NULL;
}

static void
add_line(struct body *body, struct sv line)
{
    bool mention = is_mention(line);
    if (body->text.len > 0) {
        bool joins = body->blanks == 0 && (mention || body->after_mention);
        bool tight = joins && strchr(",.;:!?)", line.ptr[0]) != NULL;
        if (!tight)
            strbuf_add_text(&body->text, joins ? " " : body->blanks > 0 ? "\n\n" : "\n");
    }
    strbuf_add_sv(&body->text, line);
    body->after_mention = mention;
    body->blanks = 0;
}

static void
add_words(struct body *body, struct sv line)
{
    size_t length = paste_without_edited(line);
    if (length < line.len)
        body->message->edited = true;
    line = sv_slice(line, 0, length);
    if (!sv_empty(line))
        add_line(body, line);
}

static void
add_marks(struct body *body, int number)
{
    if (body->message->marks < 1000000)
        body->message->marks += number;
}

/* A reaction is an emoji with a number, or with what Teams says, below. Returns the last line. */
static size_t
take_emoji(struct body *body, size_t line)
{
    int number = 0;
    size_t next = next_line(body, line);
    enum paste_noise noise =
        next == SIZE_MAX ? NOISE_NONE : paste_noise_of(line_of(body, next), &number);
    if (noise != NOISE_COUNT && noise != NOISE_MARKS) {
        add_words(body, line_of(body, line));
        return line;
    }
    add_marks(body, number);
    size_t last = next;
    next = next_line(body, last);
    int again;
    bool repeated = noise == NOISE_MARKS && next != SIZE_MAX &&
                    paste_noise_of(line_of(body, next), &again) == NOISE_COUNT && again == number;
    return repeated ? next : last;
}

/* "replied to a thread:" and the beginning of what it answers. */
static size_t
take_answer(struct body *body, size_t line)
{
    struct sv text = line_of(body, line);
    struct sv said = talk_trim(sv_slice(text, sv_find_char(text, ':') + 1, text.len));
    size_t next = next_line(body, line), after = next == SIZE_MAX ? next : next_line(body, next);
    if (sv_empty(said) && after != SIZE_MAX) {
        said = line_of(body, next);
        line = next;
    }
    static const char *const ellipses[] = {"\xE2\x80\xA6", "..."};
    for (size_t i = 0; i < 2; i++)
        if (sv_ends(said, sv_from(ellipses[i])))
            said.len -= strlen(ellipses[i]);
    body->message->reply_to = talk_trim(said);
    return line;
}

/* Returns the last line that was used. */
static size_t
take_line(struct body *body, size_t line)
{
    int number = 0;
    struct sv text = line_of(body, line);
    switch (paste_noise_of(text, &number)) {
    case NOISE_LINE:
        break;
    case NOISE_EDITED:
        body->message->edited = true;
        break;
    case NOISE_REPLIES:
        body->message->replies = number;
        break;
    case NOISE_MARKS:
        add_marks(body, number);
        break;
    case NOISE_EMOJI:
        return take_emoji(body, line);
    case NOISE_ANSWER:
        return take_answer(body, line);
    case NOISE_COUNT:
    case NOISE_NONE:
        add_words(body, text);
        break;
    }
    return line;
}

void
paste_body(struct arena *arena, const struct paste_heads *heads, size_t from, size_t to,
           struct sv first_words, struct talk_message *message)
{
    struct body body = {.heads = heads, .to = to, .message = message};
    strbuf_init(&body.text, PASTE_BYTES_MAX);
    if (!sv_empty(first_words))
        add_words(&body, first_words);
    for (size_t i = from; i < body.to; i++) {
        if (sv_empty(line_of(&body, i)))
            body.blanks++;
        else
            i = take_line(&body, i);
    }
    /* "New" or "3" may be all that somebody said. */
    if (body.text.len == 0 && from < body.to && message->replies == 0 && message->marks == 0 &&
        !message->edited && sv_empty(message->reply_to))
        for (size_t i = from; i < body.to && body.text.len == 0; i++)
            strbuf_add_sv(&body.text, line_of(&body, i));
    message->text = arena_copy(arena, strbuf_view(&body.text));
    message->phase = paste_phase_of(message->text);
    strbuf_release(&body.text);
}
