/*
 * What stands behind the time in a line of an IRC log. Private to irc.c; pure functions.
 */
#ifndef INGEST_TALK_IRC_SAID_H
#define INGEST_TALK_IRC_SAID_H

#include "ingest/talk/message.h"

/*
 * "<@ada> text", "* ada waves", "-!- ada has joined #ops" and their like into actor, phase and
 * text; channel where it names one. False: none of these.
 */
bool irc_said(struct sv rest, struct talk_message *message);
/* The same of columns: the nick, or a sign for what happened, and the text. */
bool irc_said_columns(struct sv nick, struct sv text, struct talk_message *message);
/* Joins, parts, topics: phase, actor and channel from the words of a client. */
void irc_happened(struct sv text, struct talk_message *message);

#endif
