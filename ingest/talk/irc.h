/*
 * Logs of IRC, as clients and bouncers write them: each line a time, a nick and a text. They differ
 * in how the time is written, and hardly in what stands behind it.
 */
#ifndef INGEST_TALK_IRC_H
#define INGEST_TALK_IRC_H

#include "ingest/talk/lines.h"

extern const struct talk_dialect talk_irssi;     /* "22:11 <@ada> text", "--- Day changed ..." */
extern const struct talk_dialect talk_weechat;   /* "2026-03-10 22:11:49<tab>ada<tab>text" */
extern const struct talk_dialect talk_znc;       /* "[22:11:49] <ada> text", energymech, eggdrop */
extern const struct talk_dialect talk_dircproxy; /* "[14 Jan 10:36] <ada!user@host> +text" */
extern const struct talk_dialect talk_xchat;     /* "Jan 08 22:11:49 <ada> text", and ISO times */

#endif
