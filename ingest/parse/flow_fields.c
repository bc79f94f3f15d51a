/*
 * See flow_fields.h.
 */
#include "ingest/parse/flow_fields.h"

#include "ingest/parse/chars.h"

#define KNOWN_LEAST 3 /* a line of fewer fields is not told from text */

/* https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-fields, and
 * https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html#flow-logs-default-fields */
static bool
is_known(struct sv word)
{
    static const char *const names[] = {"version",
                                        "account-id",
                                        "interface-id",
                                        "srcaddr",
                                        "dstaddr",
                                        "srcport",
                                        "dstport",
                                        "protocol",
                                        "packets",
                                        "bytes",
                                        "start",
                                        "end",
                                        "action",
                                        "log-status",
                                        "vpc-id",
                                        "subnet-id",
                                        "instance-id",
                                        "tcp-flags",
                                        "type",
                                        "pkt-srcaddr",
                                        "pkt-dstaddr",
                                        "region",
                                        "az-id",
                                        "sublocation-type",
                                        "sublocation-id",
                                        "pkt-src-aws-service",
                                        "pkt-dst-aws-service",
                                        "flow-direction",
                                        "traffic-path",
                                        "reject-reason",
                                        "resource-id",
                                        "resource-type",
                                        "encryption-status"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (sv_eq(word, sv_from(names[i])))
            return true;
    return sv_starts(word, SV("ecs-")) || sv_starts(word, SV("tgw-")) ||
           sv_starts(word, SV("packets-lost-"));
}

static bool
is_name(struct sv word)
{
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !is_digit(c) && c != '-')
            return false;
    }
    return word.len >= 3 && is_letter(word.ptr[0]);
}

static bool
tells_who(struct sv word)
{
    return sv_eq(word, SV("srcaddr")) || sv_eq(word, SV("dstaddr")) ||
           sv_eq(word, SV("pkt-srcaddr")) || sv_eq(word, SV("pkt-dstaddr")) ||
           sv_eq(word, SV("interface-id"));
}

bool
flow_fields_named(struct sv line)
{
    struct sv rest = line, word;
    size_t count = 0, known = 0;
    bool who = false;
    while (sv_split(&rest, ' ', &word)) {
        if (!is_name(word) || ++count > FLOW_FIELDS_MAX)
            return false;
        known += is_known(word);
        if (known * 2 < count) /* a sentence is given up early */
            return false;
        who = who || tells_who(word);
    }
    return who && known >= KNOWN_LEAST;
}
