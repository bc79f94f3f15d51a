/*
 * What stands between the time of a syslog line and its message: host, program, process, in the
 * spellings of many daemons. Shared by the readers of syslog.
 */
#ifndef INGEST_DECODE_LOG_SYSLOG_TAG_H
#define INGEST_DECODE_LOG_SYSLOG_TAG_H

#include "base/arena.h"
#include "base/sv.h"

/* Parts that the line does not have are absent. */
struct syslog_tag {
    struct sv host, program, pid;
    int severity; /* that a device or AIX writes there, or SEVERITY_UNSET */
    struct sv message;
};

/*
 * Reads `text`, what follows the time: "host prog[pid]: message", "prog: message", "host message",
 * "host daemon:err|error prog[1]: message" (AIX), ": %LINK-3-UPDOWN: message" (Cisco). Without a
 * program the message begins behind the host.
 */
void syslog_tag_read(struct sv text, struct syslog_tag *ret_tag);
/* True if it is surely "host prog[pid]: message". For lines that nothing but a time marks as
 * syslog. */
bool syslog_tag_sure(struct sv text, bool fine_time);
/* True if the message of this program may be a line of a format. Most are words, and cost nothing
 * more. */
bool within_syslog(struct sv program, struct sv message);
/* "#012", as rsyslog writes a control character, as that character; a copy only when there is one.
 */
struct sv syslog_unescape(struct arena *arena, struct sv message);

#endif
