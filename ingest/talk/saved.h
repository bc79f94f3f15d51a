/*
 * Chats that a program saved as text: WhatsApp's export (Android's and iOS's, which Signal's and
 * Skype's resemble), the chat of a Zoom meeting, DiscordChatExporter's plain text.
 */
#ifndef INGEST_TALK_SAVED_H
#define INGEST_TALK_SAVED_H

#include "ingest/talk/lines.h"

extern const struct talk_dialect talk_whatsapp; /* "3/10/26, 10:02 PM - Ada: text" */
extern const struct talk_dialect talk_zoom;     /* "10:02:13 From Ada to Everyone: text" */
extern const struct talk_dialect talk_discord;  /* "[3/10/2026 10:02 PM] ada" and text below */

#endif
