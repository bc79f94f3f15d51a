/*
 * See deploy_incident.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include "tests/lib/deploy_incident.h"

#include <stdio.h>
#include <string.h>

struct entry *
deploy_add(struct deploy *made, int minute, enum record_kind record_kind, enum entry_kind kind,
           enum act act, const char *actor, const char *text)
{
    size_t i = made->count++;
    assert_true(i < DEPLOY_ENTRIES);
    snprintf(made->ids[i], sizeof(made->ids[i]), "%02zxabcdef0123456789abcdef01234567", i + 16);
    made->evidence[i] = (struct evidence){.at = {1, 100 + (int64_t)i, 0},
                                          .topic = SV("ops.events"),
                                          .incarnation = 1,
                                          .partition = (int32_t)(i % 3)};
    if (i % 2 == 1) { /* was loaded from a file */
        made->evidence[i].file = SV("logs/checkout.log");
        made->evidence[i].line = 1200 + (int64_t)i;
    }
    memset(made->evidence[i].sha256.bytes, (int)(i + 1), SHA256_BYTES);
    made->entries[i] = (struct entry){.entry_id = sv_from(made->ids[i]),
                                      .time_ns = DEPLOY_AT(minute),
                                      .time_source = TIME_SOURCE_NATIVE,
                                      .kind = kind,
                                      .record_kind = record_kind,
                                      .act = act,
                                      .significance = SIGNIFICANCE_KEY,
                                      .text = sv_from(text),
                                      .actor = sv_from(actor),
                                      .source = SV("slack:incidents"),
                                      .service = SV("checkout"),
                                      .occurrences = 1,
                                      .order_established = true,
                                      .evidence = &made->evidence[i],
                                      .evidence_count = 1};
    return &made->entries[i];
}

static void
mark(struct deploy *made, const struct entry *entry, enum milestone milestone, int confidence)
{
    made->milestones[made->incident.milestone_count++] =
        (struct milestone_row){milestone, entry->time_ns, entry->entry_id, confidence};
}

void
deploy_finish(struct deploy *made)
{
    made->incident.title = SV("checkout: error rate above 5 %");
    made->incident.entries = made->entries;
    made->incident.entry_count = made->count;
    made->incident.milestones = made->milestones;
    made->incident.services = made->services;
    made->incident.nodes = made->node_list;
    made->incident.record_count = (int64_t)made->count;
    made->incident.raised = true;
}

void
deploy_make(struct deploy *made)
{
    struct entry *entry;
    memset(made, 0, sizeof(*made));
    entry = deploy_add(made, -6, RECORD_DEPLOY, ENTRY_CHANGE_FINISHED, ACT_NONE, "ci",
                       "checkout 4.2.0 to production");
    entry->source = SV("github:shop/checkout");
    entry->url = SV("https://git.example.org/shop/checkout/deployments/7");
    entry = deploy_add(made, 0, RECORD_ALERT, ENTRY_ALERT_FIRING, ACT_DETECTION, NULL,
                       "CheckoutErrorRate firing: 12 % of requests");
    entry->source = SV("alertmanager");
    entry->severity = SEVERITY_FATAL;
    entry->node_key = SV("n1");
    mark(made, entry, MILESTONE_IMPACT_STARTED, 55);
    entry = deploy_add(made, 1, RECORD_ALERT, ENTRY_ALERT_FIRING, ACT_DETECTION, NULL,
                       "CartLatency firing");
    entry->source = SV("alertmanager");
    entry->service = SV("cart");
    entry->severity = SEVERITY_WARN;
    entry->node_key = SV("n2");
    entry->order_established = false;
    entry->significance = SIGNIFICANCE_STANDARD;
    mark(made, &made->entries[1], MILESTONE_DETECTED, 90);
    entry = deploy_add(made, 3, RECORD_CHAT, ENTRY_CHAT_MESSAGE, ACT_REPORT, "mira",
                       "customers cannot pay");
    entry = deploy_add(made, 4, RECORD_INCIDENT_EVENT, ENTRY_ALERT_ACKNOWLEDGED, ACT_ACK, "jo",
                       "jo acknowledged CheckoutErrorRate");
    mark(made, entry, MILESTONE_ACKNOWLEDGED, 95);
    entry = deploy_add(made, 5, RECORD_CHAT, ENTRY_ROLE_CHANGE, ACT_ROLE, "jo",
                       "I am the incident lead");
    deploy_add(made, 9, RECORD_CHAT, ENTRY_CHAT_MESSAGE, ACT_HYPOTHESIS, "mira",
               "is it the database pool?");
    entry = deploy_add(made, 14, RECORD_STATUS, ENTRY_STATUS_PAGE_UPDATE, ACT_COMMS, NULL,
                       "Investigating payment errors");
    entry->source = SV("statuspage");
    entry = deploy_add(made, 21, RECORD_CHAT, ENTRY_CHAT_MESSAGE, ACT_FINDING, "jo",
                       "4.2.0 reads a flag that production lacks");
    mark(made, entry, MILESTONE_CAUSE_IDENTIFIED, 80);
    entry = deploy_add(made, 24, RECORD_DEPLOY, ENTRY_CHANGE_REVERTED, ACT_ROLLBACK, "jo",
                       "rolled checkout back to 4.1.9");
    mark(made, entry, MILESTONE_MITIGATED, 85);
    entry = deploy_add(made, 62, RECORD_ALERT, ENTRY_ALERT_RESOLVED, ACT_RECOVERY, NULL,
                       "CheckoutErrorRate resolved");
    entry->node_key = SV("n1");
    mark(made, entry, MILESTONE_RECOVERED, 90);
    deploy_add(made, 65, RECORD_CHAT, ENTRY_CHAT_MESSAGE, ACT_TODO, "mira",
               "TODO: flags must exist before a rollout");
    made->nodes[0] = (struct node){.node_key = SV("n1"),
                                   .kind = EVENT_ALERT,
                                   .first_ns = DEPLOY_AT(0),
                                   .last_ns = DEPLOY_AT(62),
                                   .records = 2,
                                   .severity = SEVERITY_FATAL,
                                   .title = SV("CheckoutErrorRate"),
                                   .service = SV("checkout")};
    made->nodes[1] = (struct node){.node_key = SV("n2"),
                                   .kind = EVENT_ALERT,
                                   .first_ns = DEPLOY_AT(1),
                                   .last_ns = DEPLOY_AT(1),
                                   .records = 1,
                                   .severity = SEVERITY_WARN,
                                   .title = SV("CartLatency"),
                                   .service = SV("cart")};
    made->node_list[0] = &made->nodes[0];
    made->node_list[1] = &made->nodes[1];
    made->services[0] = SV("cart");
    made->services[1] = SV("checkout");
    made->incident.service_count = made->incident.node_count = 2;
    made->incident.first_ns = DEPLOY_AT(0);
    made->incident.last_ns = DEPLOY_AT(62);
    deploy_finish(made);
}

/* The deploy, in which everything that records say is this text. */
void
deploy_say(struct deploy *made, struct sv text, const char *const urls[4])
{
    deploy_make(made);
    for (size_t i = 0; i < made->count; i++) {
        struct entry *entry = &made->entries[i];
        entry->text = entry->source = entry->role = text;
        entry->actor = entry->channel = entry->service = text;
        entry->url = sv_from(urls[i % 4]);
        made->evidence[i].topic = text;
        entry->told = entry->record_kind == RECORD_DEPLOY ? text : SV_NONE;
        /* What answers a hypothesis depends on words: here none comes after it. */
        if (entry->act == ACT_HYPOTHESIS || entry->act == ACT_FINDING)
            entry->act = entry->act == ACT_FINDING ? ACT_HYPOTHESIS : ACT_FINDING;
    }
    made->services[0] = made->nodes[0].title = made->nodes[0].service = text;
    made->incident.title = text;
}
