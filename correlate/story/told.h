/*
 * How an act is told. "Rolled back" tells of something done; "please roll back", "we will roll
 * back", "shall we roll back?" and an item of a list do not. The words that tell them apart are
 * lists of the phrase rules (rules/chat_rules.tsv, its head explains each). Pure.
 */
#ifndef CORRELATE_TOLD_H
#define CORRELATE_TOLD_H

#include "correlate/story/phrases.h"

enum told {
    TOLD_DONE,
    TOLD_BEGUN,  /* under way: "rolling back now" */
    TOLD_MEANT,  /* asked for, planned, thought about */
    TOLD_LISTED, /* an item of things to do */
};

/*
 * How the text tells what this rule, which fits it, is about; done where any of its phrases is told
 * as done. Sentences that end in a question mark tell nothing.
 */
enum told told_act(struct arena *arena, const struct phrase_rules *rules,
                   const struct phrase_rule *rule, struct sv text);

/*
 * The rule of commands that a command of the text fits: what stands between backticks or behind a
 * prompt, or behind words such as "ran". Not where the words before it ask, plan or tell others how
 * to. NULL: none.
 */
const struct phrase_rule *
told_command(struct arena *arena, const struct phrase_rules *rules, struct sv text);
/*
 * True if a sentence that is no question says what this rule, which fits the text, is about: not
 * one that begins with a phrase of @supposed or has one of @unproved. For what is claimed to be so:
 * a declaration, a finding, that it works again, that it is over.
 */
bool told_claim(struct arena *arena, const struct phrase_rules *rules,
                const struct phrase_rule *rule, struct sv text);
/* A copy of the text without its questions, lines that quote others (behind ">"), and the mark that
 * chat puts behind an edited one. */
struct sv told_statements(struct arena *arena, const struct phrase_rules *rules, struct sv text);

#endif
