/*
 * Lines of IRC logs behind their time: see irc_said.h.
 */
#include "ingest/talk/irc_said.h"

#define NICK_BYTES_MAX 64
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool
nick_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80 || (c != '\0' && strchr("[]\\`_^{|}-.~/", c) != NULL);
}

/* A nick without the signs of its rights before it and its host behind it. */
static bool
read_nick(struct sv text, struct sv *ret_nick, bool *ret_host)
{
    while (!sv_empty(text) && strchr(" @+%&~!*", text.ptr[0]) != NULL)
        text = sv_slice(text, 1, text.len);
    size_t host = sv_find_char(text, '!');
    *ret_host = host != SIZE_MAX;
    text = sv_trim(sv_slice(text, 0, *ret_host ? host : text.len));
    /* No nick begins with a digit: "<0.32.0>" is a process of Erlang. */
    if (sv_empty(text) || text.len > NICK_BYTES_MAX || strchr("0123456789-.", text.ptr[0]) != NULL)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!nick_char(text.ptr[i]))
            return false;
    *ret_nick = text;
    return true;
}

static struct sv
first_word(struct sv text)
{
    struct sv word = SV_NONE;
    (void)sv_split(&text, ' ', &word);
    return word;
}

/* "#ops" somewhere in the words. */
static struct sv
channel_in(struct sv text)
{
    struct sv word;
    while (sv_split(&text, ' ', &word)) {
        while (!sv_empty(word) && strchr(":.,])", word.ptr[word.len - 1]) != NULL)
            word.len--;
        if (word.len > 1 && word.ptr[0] == '#')
            return word;
    }
    return SV_NONE;
}

void
irc_happened(struct sv text, struct talk_message *message)
{
    static const struct {
        const char *words;
        enum event_phase phase;
    } signs[] = {
        {" has joined", PHASE_JOIN},
        {" joined the channel", PHASE_JOIN},
        {" has left", PHASE_LEAVE},
        {" has quit", PHASE_LEAVE},
        {" left the channel", PHASE_LEAVE},
        {" left IRC", PHASE_LEAVE},
        {" was kicked", PHASE_LEAVE},
        {"You disconnected", PHASE_LEAVE},
        {"You connected", PHASE_JOIN},
        {" changed the topic", PHASE_TOPIC},
        {" changes topic", PHASE_TOPIC},
        {" has changed topic", PHASE_TOPIC},
        {" sets topic", PHASE_TOPIC},
        {"Topic for ", PHASE_TOPIC},
        {" has changed the topic", PHASE_TOPIC},
        {" set the topic", PHASE_TOPIC},
        {"Netsplit over", PHASE_JOIN},
        {"Netsplit ", PHASE_LEAVE},
    };
    static const struct {
        const char *word;
        enum event_phase phase;
    } lists[] = {{"Joins: ", PHASE_JOIN}, {"Parts: ", PHASE_LEAVE}, {"Quits: ", PHASE_LEAVE}};
    if (text.ptr == NULL)
        text = SV("");
    struct sv who = first_word(text);
    bool host, known = false;
    message->phase = PHASE_POST;
    for (size_t i = 0; i < COUNT(lists); i++)
        if (sv_starts(text, sv_from(lists[i].word))) {
            who = first_word(sv_trim(sv_slice(text, strlen(lists[i].word), text.len)));
            message->phase = lists[i].phase;
            known = true;
        }
    for (size_t i = 0; i < COUNT(signs) && !known; i++)
        if (sv_contains(text, sv_from(signs[i].words))) {
            message->phase = signs[i].phase;
            known = signs[i].words[0] == ' ';
            break;
        }
    known =
        known || sv_contains(text, SV(" is now known as ")) || sv_contains(text, SV(" sets mode"));
    struct sv nick;
    if (known && read_nick(who, &nick, &host)) {
        message->actor = nick;
        message->actor_type = ACTOR_HUMAN;
    }
    struct sv channel = channel_in(text);
    if (!sv_empty(channel) && (message->phase == PHASE_JOIN || sv_starts(text, SV("Irssi: #")) ||
                               sv_starts(text, SV("Now talking "))))
        message->channel = sv_slice(channel, 1, channel.len);
}

static bool
say(struct sv nick, struct sv text, struct talk_message *message)
{
    message->actor = nick;
    message->actor_type = ACTOR_HUMAN;
    message->phase = PHASE_POST;
    message->text = text;
    return true;
}

/* "<ada> text"; a host behind the nick comes with a sign before the text. */
static bool
said_in_angles(struct sv rest, struct talk_message *message)
{
    size_t end = sv_find_char(rest, '>');
    struct sv nick;
    bool host;
    if (end == SIZE_MAX || !read_nick(sv_slice(rest, 1, end), &nick, &host))
        return false;
    struct sv text = sv_slice(rest, end + 1, rest.len);
    if (!sv_empty(text) && !sv_blank(text.ptr[0]))
        return false;
    text = sv_trim(text);
    if (host && !sv_empty(text) && (text.ptr[0] == '+' || text.ptr[0] == '-'))
        text = sv_trim(sv_slice(text, 1, text.len));
    return say(nick, text, message);
}

/* "-ada:#ops- text", "-ada- text": a notice. */
static bool
said_in_dashes(struct sv rest, struct talk_message *message)
{
    size_t end = sv_find(rest, SV("- "));
    struct sv nick;
    bool host;
    if (end == SIZE_MAX || end == 0)
        return false;
    struct sv inside = sv_slice(rest, 1, end);
    size_t colon = sv_find_char(inside, ':');
    if (colon != SIZE_MAX)
        inside = sv_slice(inside, 0, colon);
    if (!read_nick(inside, &nick, &host))
        return false;
    return say(nick, sv_trim(sv_slice(rest, end + 1, rest.len)), message);
}

/* Clients speak of themselves behind the same star as people act. */
static bool
said_by_client(struct sv text)
{
    static const char *const starts[] = {"Now talking ",  "Topic ",    "You ",
                                         "Disconnected ", "Connected", "Looking up ",
                                         "Rejoined ",     "Channel "};
    for (size_t i = 0; i < COUNT(starts); i++)
        if (sv_starts(text, sv_from(starts[i])))
            return true;
    return false;
}

bool
irc_said(struct sv rest, struct talk_message *message)
{
    static const char *const marks[] = {"-!-", "***",          "-->",          "<--", "---",
                                        "--",  "\xE2\x86\x92", "\xE2\x86\x90", "==="};
    rest = sv_trim(rest);
    if (rest.ptr == NULL || rest.len == 0)
        return false;
    for (size_t i = 0; i < COUNT(marks); i++) {
        struct sv mark = sv_from(marks[i]), text = sv_slice(rest, mark.len, rest.len);
        if (!sv_starts(rest, mark) || sv_empty(text) || !sv_blank(text.ptr[0]))
            continue;
        message->text = sv_trim(text);
        irc_happened(message->text, message);
        return true;
    }
    if (rest.len < 3)
        return false;
    if (rest.ptr[0] == '<')
        return said_in_angles(rest, message);
    if (rest.ptr[0] == '*' && sv_blank(rest.ptr[1])) {
        struct sv text = sv_trim(sv_slice(rest, 2, rest.len)), nick;
        bool host;
        irc_happened(text, message);
        message->text = text;
        if (message->phase != PHASE_POST || !sv_empty(message->actor) || said_by_client(text))
            return true;
        return read_nick(first_word(text), &nick, &host) && say(nick, text, message);
    }
    return rest.ptr[0] == '-' && said_in_dashes(rest, message);
}

bool
irc_said_columns(struct sv nick, struct sv text, struct talk_message *message)
{
    static const char *const happened[] = {
        "-->", "<--", "--", "=!=", "\xE2\x86\x92", "\xE2\x86\x90", "-", ""};
    struct sv name;
    bool host;
    nick = sv_trim(nick);
    message->text = sv_trim(text);
    for (size_t i = 0; i < COUNT(happened); i++)
        if (sv_eq(nick, sv_from(happened[i]))) {
            irc_happened(message->text, message);
            return true;
        }
    if (sv_eq(nick, SV("*"))) {
        bool fine = read_nick(first_word(message->text), &name, &host);
        return fine && say(name, message->text, message);
    }
    return read_nick(nick, &name, &host) && say(name, message->text, message);
}
