/*
 * Talk as text: pasted from the window of a chat, logs of IRC, saved chats, transcripts of calls.
 * The readers of ingest/talk do the work. The loader hands out one message a record, and tells in
 * headers what stands around it in its file; a record from elsewhere may be a whole text.
 */
#include "base/text/utf8.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/talk/call.h"
#include "ingest/talk/irc.h"
#include "ingest/talk/local.h"
#include "ingest/talk/notes.h"
#include "ingest/talk/paste.h"
#include "ingest/talk/saved.h"

static void
read_hints(const struct probe *probe, struct talk_hints *hints)
{
    struct read_time before;
    *hints = (struct talk_hints){.actor = record_header(probe->record, HEADER_USER),
                                 .channel = record_header(probe->record, HEADER_CHANNEL),
                                 .near = talk_day_at(probe_near_ns(probe), DAY_ASSUMED)};
    if (times_read(record_header(probe->record, HEADER_INHERITED), NULL, &before))
        hints->near = talk_day_after(talk_day_at(before.ns, DAY_ASSUMED));
    (void)talk_local_read(record_header(probe->record, HEADER_LOCAL), hints);
}

/* ---- events ---- */

static enum time_source
source_of(const struct talk_message *message)
{
    switch (message->day.how) {
    case DAY_WRITTEN:
        return message->has_zone ? TIME_SOURCE_NATIVE : TIME_SOURCE_ASSUMED_ZONE;
    case DAY_NO_YEAR:
        return TIME_SOURCE_ASSUMED_YEAR;
    case DAY_ASSUMED:
        return TIME_SOURCE_ASSUMED_DATE;
    case DAY_NONE:
        break;
    }
    return TIME_SOURCE_NONE;
}

static void
take_time(const struct probe *probe, const struct talk_message *message, struct event *event)
{
    const struct talk_clock *clock = &message->clock;
    const struct civil civil = {message->day.year, message->day.month, message->day.day,
                                clock->hour,       clock->minute,      clock->second,
                                clock->nanosecond};
    int64_t ns;
    event->event_time_ns = TIME_NONE;
    event->source_time_text = message->time_text;
    if (message->day.how == DAY_NONE || !message->has_clock || !civil_valid(&civil) ||
        !civil_to_ns(&civil, &ns))
        return;
    event->event_time_ns =
        message->has_zone ? ns - message->offset_s * NS_PER_S : zone_to_utc(probe->zone, ns);
    event->precision = clock->precision;
    event->time_source = source_of(message);
}

static void
put(json_t *object, const char *name, struct sv value)
{
    if (!sv_empty(value))
        json_object_set_new(object, name, json_stringn(value.ptr, value.len));
}

static struct sv
offset_text(struct arena *arena, int64_t ns)
{
    int64_t ms = ns / NS_PER_MS;
    return arena_printf(arena, "%02lld:%02lld:%02lld.%03lld", (long long)(ms / 3600000),
                        (long long)(ms / 60000 % 60), (long long)(ms / 1000 % 60),
                        (long long)(ms % 1000));
}

static struct sv
attributes_of(struct arena *arena, const struct talk_message *message)
{
    json_t *left = json_object();
    if (message->edited)
        json_object_set_new(left, "edited", json_true());
    if (message->replies > 0)
        json_object_set_new(left, "reply_count", json_integer(message->replies));
    put(left, "reply_to", message->reply_to);
    if (message->has_offset && !sv_empty(message->time_text))
        put(left, "offset", offset_text(arena, message->offset_ns));
    struct sv text = json_object_size(left) > 0 ? tree_dump(arena, left) : SV_NONE;
    json_decref(left);
    return text;
}

/* The number of the line in its file, else of the message in the record: they rise with time. */
static int64_t
sequence_of(const struct probe *probe, size_t index)
{
    int64_t line;
    bool told = sv_to_int64(record_header(probe->record, HEADER_LINE), &line) && line > 0;
    return told ? line + (int64_t)index : (int64_t)index + 1;
}

static int
add_event(const struct probe *probe, struct talk_message message, size_t index,
          struct event_sink *sink, struct decode_result *result)
{
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    /* jansson takes UTF-8 only, and a text of IRC may be any encoding's. */
    message.reply_to = utf8_repair(probe->arena, message.reply_to);
    const struct talk_dialect *dialect = probe->decoder->own;
    bool note = dialect != NULL && dialect->notes;
    event->kind = note ? EVENT_NOTE : EVENT_CHAT;
    event->record_kind = note ? RECORD_NOTE : RECORD_CHAT;
    event->phase = message.phase;
    event->actor = message.actor;
    event->actor_type = sv_empty(message.actor) ? ACTOR_NONE : message.actor_type;
    if (index == 0 && sv_eq(record_header(probe->record, HEADER_USER_TYPE), SV("bot")))
        event->actor_type = ACTOR_BOT;
    event->channel = message.channel;
    if (event->phase != PHASE_DELETE)
        event->body = message.text;
    event->marks = message.marks;
    event->sequence = sequence_of(probe, index);
    event->attributes = attributes_of(probe->arena, &message);
    take_time(probe, &message, event);
    return 0;
}

/* ---- lines ---- */

static const struct talk_dialect *
dialect_of(const struct probe *probe)
{
    return probe->decoder->own;
}

/* A record of many messages, as nobody splits what comes by Kafka. */
static int
decode_lines(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    const struct talk_dialect *dialect = dialect_of(probe);
    struct talk_hints hints;
    struct talk_splitter splitter;
    struct talk_message message;
    size_t count = 0;
    read_hints(probe, &hints);
    talk_splitter_init(&splitter, probe->arena, dialect, &hints, probe->body);
    while (talk_splitter_next(&splitter, &message)) {
        if (add_event(probe, message, count, sink, result) != 0)
            return -1;
        count++;
    }
    if (count == 0)
        return decode_bad(result, QUARANTINE_SYNTAX, "no line of it begins a message");
    return 0;
}

/* How sure one is of text that nobody called so: its first lines are all of the dialect. */
static int
bid_lines(const struct probe *probe, int sure)
{
    struct talk_state state;
    struct talk_hints hints = {0};
    talk_state_init(&state, &hints);
    return talk_dialect_is(dialect_of(probe), probe->body, &state) ? sure : 0;
}

/* ---- bids: a look at a few bytes first, since every line of a log may come by ---- */

static bool
byte_is(struct sv text, size_t at, char c)
{
    return at < text.len && text.ptr[at] == c;
}

static int
bid_irssi(const struct probe *probe)
{
    struct sv body = probe->body;
    bool near = byte_is(body, 2, ':') && (byte_is(body, 5, ' ') || byte_is(body, 8, ' '));
    return near || sv_starts(body, SV("--- Log")) ? bid_lines(probe, 70) : 0;
}

static int
bid_znc(const struct probe *probe)
{
    return byte_is(probe->body, 3, ':') || byte_is(probe->body, 5, '-') ? bid_lines(probe, 72) : 0;
}

static int
bid_dircproxy(const struct probe *probe)
{
    struct sv body = probe->body;
    bool near = byte_is(body, 3, ' ') && byte_is(body, 7, ' ') && byte_is(body, 10, ':');
    return near ? bid_lines(probe, 74) : 0;
}

static int
bid_weechat(const struct probe *probe)
{
    return byte_is(probe->body, 19, '\t') ? bid_lines(probe, 66) : 0;
}

static int
bid_xchat(const struct probe *probe)
{
    struct sv body = probe->body;
    bool near = byte_is(body, 19, ' ') && (byte_is(body, 20, '<') || byte_is(body, 21, '<') ||
                                           byte_is(body, 20, '*') || byte_is(body, 21, '*'));
    return near ? bid_lines(probe, 68) : 0;
}

/* "2026-03-01 10:00": a comma stands behind a day that begins with its year, or it is a log's. */
static bool
year_without_comma(struct sv start)
{
    for (size_t at = 0; at < 4; at++)
        if (at >= start.len || start.ptr[at] < '0' || start.ptr[at] > '9')
            return false;
    size_t comma = sv_find_char(start, ',');
    return comma == SIZE_MAX || comma > sv_find_char(start, ':');
}

static int
bid_whatsapp(const struct probe *probe)
{
    struct sv start = sv_slice(probe->body, talk_skip_blanks(probe->body, 0), 48);
    if (year_without_comma(start))
        return 0;
    bool bracket = byte_is(start, 0, '[') && sv_find_char(start, ']') != SIZE_MAX;
    return bracket || sv_contains(start, SV(" - ")) ? bid_lines(probe, 76) : 0;
}

static int
bid_zoom(const struct probe *probe)
{
    struct sv start = sv_slice(probe->body, 0, 20);
    return byte_is(start, 2, ':') && sv_contains(start, SV("From ")) ? bid_lines(probe, 78) : 0;
}

static int
bid_discord(const struct probe *probe)
{
    return sv_starts(probe->body, SV("=====")) ? bid_lines(probe, 90) : 0;
}

static int
bid_webvtt(const struct probe *probe)
{
    return sv_starts(probe->body, SV("WEBVTT")) ? bid_lines(probe, 95) : 0;
}

static int
bid_subrip(const struct probe *probe)
{
    struct sv start = sv_slice(probe->body, 0, 48);
    return sv_contains(start, SV("-->")) ? bid_lines(probe, 80) : 0;
}

static int
bid_transcript(const struct probe *probe)
{
    struct sv rest = probe->body, first;
    bool many = sv_split(&rest, '\n', &first) && rest.ptr != NULL;
    bool suits = many && talk_transcript.suits(probe->body, SV_NONE); /* costs least */
    return suits ? bid_lines(probe, 60) : 0;
}

/* One line with a time is anybody's; a page of many is a timeline. */
static int
bid_notes(const struct probe *probe)
{
    return sv_find_char(probe->body, '\n') != SIZE_MAX && sv_find_char(probe->body, ':') != SIZE_MAX
               ? bid_lines(probe, 38)
               : 0;
}

/* ---- pastes ---- */

/* "2026-03-01 10:00:00,123": windows of chats show no parts of a second, logs of programs do. */
static bool
begins_as_log(struct sv body)
{
    return body.len > 20 && body.ptr[4] == '-' && body.ptr[7] == '-' && body.ptr[13] == ':' &&
           body.ptr[16] == ':' && (body.ptr[19] == ',' || body.ptr[19] == '.');
}

/* A time of day near the top: pastes have one, most other texts of many lines do not. */
static bool
may_be_pasted(struct sv body)
{
    struct sv line;
    if (begins_as_log(body))
        return false;
    for (int i = 0; i < 8 && sv_split(&body, '\n', &line); i++) {
        size_t at = line.len > 200 ? SIZE_MAX : sv_find_char(line, ':');
        if (at != SIZE_MAX && at > 0 && at + 2 < line.len && line.ptr[at - 1] >= '0' &&
            line.ptr[at - 1] <= '9' && line.ptr[at + 1] >= '0' && line.ptr[at + 1] <= '5')
            return true;
    }
    return false;
}

static int
bid_pasted(const struct probe *probe)
{
    struct talk_hints hints;
    struct talk_paste paste;
    if (sv_find_char(probe->body, '\n') == SIZE_MAX || !may_be_pasted(probe->body))
        return 0;
    read_hints(probe, &hints);
    return talk_paste_read(probe->arena, probe->body, &hints, &paste) ? 40 : 0;
}

static int
decode_pasted(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct talk_hints hints;
    struct talk_paste paste;
    read_hints(probe, &hints);
    if (!talk_paste_read(probe->arena, probe->body, &hints, &paste))
        return decode_bad(result, QUARANTINE_SYNTAX, "too little of it looks like a chat");
    for (size_t i = 0; i < paste.count; i++) {
        struct talk_message message = paste.messages[i];
        if (sv_empty(message.channel))
            message.channel = paste.channel;
        if (add_event(probe, message, i, sink, result) != 0)
            return -1;
    }
    return 0;
}

const struct decoder decoder_pasted_chat = {
    .info = {.name = "pasted_chat",
             .identity = "chat-text",
             .title = "text pasted from Slack, Teams, Discord",
             .kinds = "chat",
             .identified_by = "coordinates",
             .reference = "docs/chat.md",
             .highest = 40},
    .reads = READS_TEXT,
    .bid = bid_pasted,
    .decode = decode_pasted,
};

#define TALK_DECODER(word, of_kind, what, described, begins, most)                                 \
    const struct decoder decoder_##word = {                                                        \
        .info = {.name = #word,                                                                    \
                 .identity = "chat-text",                                                          \
                 .title = what,                                                                    \
                 .kinds = of_kind,                                                                 \
                 .identified_by = "coordinates",                                                   \
                 .reference = described,                                                           \
                 .first = begins,                                                                  \
                 .highest = most},                                                                 \
        .reads = READS_TEXT,                                                                       \
        .bid = BID_##word,                                                                         \
        .decode = decode_lines,                                                                    \
        .own = &OWN_##word,                                                                        \
    }

#define BID_irc_irssi bid_irssi
#define OWN_irc_irssi talk_irssi
TALK_DECODER(irc_irssi, "chat", "IRC log of irssi", "https://irssi.org/documentation/settings/",
             "0-9-", 70);
#define BID_irc_weechat bid_weechat
#define OWN_irc_weechat talk_weechat
TALK_DECODER(irc_weechat, "chat", "IRC log of WeeChat",
             "https://weechat.org/files/doc/stable/weechat_user.en.html", "0-9", 66);
#define BID_irc_znc_energymech bid_znc
#define OWN_irc_znc_energymech talk_znc
TALK_DECODER(irc_znc_energymech, "chat", "IRC log of ZNC, energymech, eggdrop, mIRC",
             "https://wiki.znc.in/Log", "[", 72);
#define BID_irc_dircproxy bid_dircproxy
#define OWN_irc_dircproxy talk_dircproxy
TALK_DECODER(irc_dircproxy, "chat", "IRC log of dircproxy", "https://github.com/w8tvi/dircproxy",
             "[", 74);
#define BID_irc_xchat_iso bid_xchat
#define OWN_irc_xchat_iso talk_xchat
TALK_DECODER(irc_xchat_iso, "chat", "IRC log of XChat, HexChat, supybot",
             "https://hexchat.readthedocs.io/en/latest/settings.html", "0-9A-Z*", 68);
#define BID_whatsapp_export bid_whatsapp
#define OWN_whatsapp_export talk_whatsapp
TALK_DECODER(whatsapp_export, "chat", "WhatsApp chat export",
             "https://faq.whatsapp.com/1180414079177245", "[0-9\xE2", 76);
#define BID_zoom_chat bid_zoom
#define OWN_zoom_chat talk_zoom
TALK_DECODER(zoom_chat, "chat", "chat saved from a Zoom meeting",
             "https://support.zoom.com/hc/en/article?id=zm_kb&sysparm_article=KB0067312", "0-9",
             78);
#define BID_discord_text bid_discord
#define OWN_discord_text talk_discord
TALK_DECODER(discord_text, "chat", "DiscordChatExporter plain text",
             "https://github.com/Tyrrrz/DiscordChatExporter", "=", 90);
#define BID_webvtt bid_webvtt
#define OWN_webvtt talk_webvtt
TALK_DECODER(webvtt, "chat", "WebVTT transcript of a call (Zoom, Teams)",
             "https://www.w3.org/TR/webvtt1/", "W", 95);
#define BID_subrip bid_subrip
#define OWN_subrip talk_subrip
TALK_DECODER(subrip, "chat", "SubRip transcript of a call", "https://en.wikipedia.org/wiki/SubRip",
             "0-9", 80);
#define BID_call_transcript bid_transcript
#define OWN_call_transcript talk_transcript
TALK_DECODER(call_transcript, "chat", "transcript of a call as text (Teams, Meet, Otter)",
             "docs/chat.md", NULL, 60);
#define BID_timeline_notes bid_notes
#define OWN_timeline_notes talk_notes
TALK_DECODER(timeline_notes, "note", "timeline written by hand (Markdown, plain text)",
             "docs/chat.md", NULL, 38);
