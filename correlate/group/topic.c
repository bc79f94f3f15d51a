/*
 * What talk is about: see topic.h. Called by attach_nodes() for talk that shares nothing but its
 * scope with an opening node.
 */
#include "correlate/group/topic.h"

#include "correlate/people/names.h"
#include "correlate/run.h"

#define NAMED_POINTS 2  /* a channel called like an incident, a word that names the service */
#define HINT_POINTS 1   /* a channel of operations, another word, an act, a person */
#define ASIDE_POINTS 2  /* less, for a channel that is called "random" */
#define ACT_WEIGHT 250  /* hundredths of a rule whose act tells of trouble */
#define SAID_LEAST 4    /* letters of a word that is shared and names nothing */
#define MESSAGES_MAX 50 /* of an episode that are looked at */

bool
topic_is_judged(const struct grouping *grouping, const struct work_node *node)
{
    const struct observation *first = node->records[0]->observation;
    return grouping->rules != NULL && node->role == NODE_CHAT && first != NULL &&
           first->event.kind == EVENT_CHAT && first->event.channel.len > 0;
}

/* "inc_checkout" has two words. */
static struct words
words_of_name(struct arena *arena, struct sv name)
{
    char *copy = arena_strdup(arena, name);
    for (size_t i = 0; i < name.len; i++)
        copy[i] = copy[i] == '_' ? ' ' : copy[i];
    return words_of(arena, sv_of(copy, name.len));
}

static size_t
messages_of(const struct work_node *talk)
{
    return talk->record_count < MESSAGES_MAX ? talk->record_count : MESSAGES_MAX;
}

static int
points_of_name(const struct grouping *grouping, const struct work_node *talk)
{
    struct words name =
        words_of_name(grouping->arena, talk->records[0]->observation->event.channel);
    bool aside = false, room = false, operations = false;
    for (const struct phrase_rules *rules = grouping->rules; rules != NULL; rules = rules->next) {
        aside = aside || phrase_rule_fits(rules, &rules->aside, name);
        room = room || phrase_rule_fits(rules, &rules->room, name);
        operations = operations || phrase_rule_fits(rules, &rules->operations, name);
    }
    return aside ? -ASIDE_POINTS : room ? NAMED_POINTS : operations ? HINT_POINTS : 0;
}

/* ---- words ---- */

static bool
has_digit(struct sv word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] >= '0' && word.ptr[i] <= '9')
            return true;
    return false;
}

static void
add_word(struct arena *arena, struct topic *topic, struct sv word, size_t *count)
{
    if ((*count)++ < TOPIC_WORDS_MAX)
        topic->reason = arena_printf(arena, SV_FMT "%s" SV_FMT, SV_ARG(topic->reason),
                                     topic->reason.len == 0 ? "talk of " : ", ", SV_ARG(word));
}

/* Words of the service and host name it; of the title the others are a hint each. */
static void
compare_words(const struct grouping *grouping, const struct work_node *opening, struct words said,
              struct topic *topic)
{
    struct arena *arena = grouping->arena;
    const struct observation *alert = opening->records[0]->observation;
    const struct sv names[] = {alert->event.service, alert->event.host};
    size_t count = 0;
    for (size_t n = 0; n < 2; n++) {
        struct words parts = text_content(arena, grouping->rules, words_of_name(arena, names[n]));
        for (size_t i = 0; i < parts.count; i++)
            if (words_have(said, parts.at[i])) {
                topic->points += NAMED_POINTS;
                add_word(arena, topic, parts.at[i], &count);
            }
    }
    struct words title =
        text_content(arena, grouping->rules, words_of(arena, observation_text(alert)));
    for (size_t i = 0; i < title.count; i++) {
        bool marked = has_digit(title.at[i]);
        if (!words_have(said, title.at[i]) || (!marked && title.at[i].len < SAID_LEAST))
            continue;
        topic->points += marked ? NAMED_POINTS : HINT_POINTS;
        add_word(arena, topic, title.at[i], &count);
    }
}

/* Content words of the channel's name and of all that is said, once each. */
static struct words
words_said(const struct grouping *grouping, const struct work_node *talk)
{
    struct strbuf all;
    strbuf_init(&all, 0);
    strbuf_add_sv(&all, talk->records[0]->observation->event.channel);
    for (size_t i = 0; i < messages_of(talk); i++) {
        const struct observation *message = talk->records[i]->observation;
        if (!topic_is_said(message) || message->event.phase == PHASE_JOIN ||
            message->event.phase == PHASE_LEAVE)
            continue;
        strbuf_add_text(&all, "\n");
        strbuf_add_sv(&all, text_unquoted(grouping->arena, observation_text(message)));
    }
    struct sv text = arena_copy(grouping->arena, strbuf_view(&all));
    strbuf_release(&all);
    return text_content(grouping->arena, grouping->rules, words_of(grouping->arena, text));
}

/* ---- acts and people ---- */

static bool
is_of_trouble(enum act act)
{
    return act == ACT_SYMPTOM || act == ACT_REPORT || act == ACT_DETECTION ||
           act == ACT_DECLARATION || act == ACT_RECOVERY || act == ACT_ROLLBACK ||
           act == ACT_RESOLUTION || act == ACT_FINDING || act == ACT_ROLE;
}

static bool
does_something(const struct grouping *grouping, const struct work_node *talk)
{
    for (size_t i = 0; i < messages_of(talk); i++) {
        if (!topic_is_said(talk->records[i]->observation))
            continue;
        struct sv text = observation_text(talk->records[i]->observation);
        struct words words = words_of(grouping->arena, text_unquoted(grouping->arena, text));
        const struct phrase_rules *rules = phrases_of_language(grouping->rules, words);
        for (size_t r = 0; r < rules->count; r++) {
            const struct phrase_rule *rule = &rules->rules[r];
            if (!rule->command && !rule->ran && rule->weight >= ACT_WEIGHT &&
                is_of_trouble(rule->act) && phrase_rule_fits(rules, rule, words))
                return true;
        }
    }
    return false;
}

/* Somebody who took the alert, or was paged for it, speaks. */
static struct sv
member_of(const struct grouping *grouping, const struct work_node *talk,
          const struct work_node *opening)
{
    for (size_t a = 0; a < messages_of(opening); a++) {
        struct person_name member, speaker;
        const struct observation *record = opening->records[a]->observation;
        if (record == NULL || record->event.actor.len == 0 ||
            record->event.actor_type == ACTOR_BOT || record->event.actor_type == ACTOR_SYSTEM)
            continue;
        person_name_read(grouping->arena, record->event.actor, &member);
        for (size_t i = 0; i < messages_of(talk); i++) {
            struct sv actor = talk->records[i]->observation->event.actor;
            person_name_read(grouping->arena, actor, &speaker);
            if (person_names_equal(&member, &speaker) ||
                person_name_fits(&speaker, &member) == NAME_FITS ||
                person_name_fits(&member, &speaker) == NAME_FITS)
                return record->event.actor;
        }
    }
    return SV_NONE;
}

static void
add_reason(struct arena *arena, struct topic *topic, int points, const char *words, struct sv what)
{
    topic->points += points;
    if (points > 0)
        topic->reason = arena_printf(arena, SV_FMT "%s%s" SV_FMT, SV_ARG(topic->reason),
                                     topic->reason.len > 0 ? " + " : "", words, SV_ARG(what));
}

struct topic
topic_of(const struct grouping *grouping, const struct work_node *talk,
         const struct work_node *opening, const struct work_node *before)
{
    struct topic topic = {.points = 0};
    if (opening->records[0]->observation == NULL)
        return (struct topic){.points = TOPIC_POINTS_LEAST}; /* a declaration */
    compare_words(grouping, opening, words_said(grouping, talk), &topic);
    int named = points_of_name(grouping, talk);
    add_reason(grouping->arena, &topic, named, "channel ",
               talk->records[0]->observation->event.channel);
    struct sv member = member_of(grouping, talk, opening);
    if (member.len > 0)
        add_reason(grouping->arena, &topic, HINT_POINTS, "with ", member);
    if (does_something(grouping, talk))
        add_reason(grouping->arena, &topic, HINT_POINTS, "tells of trouble", SV(""));
    if (before != NULL && before->incident == opening->incident && named >= 0)
        add_reason(grouping->arena, &topic, NAMED_POINTS, "goes on", SV(""));
    return topic;
}
