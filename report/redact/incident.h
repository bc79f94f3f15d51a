/*
 * Redacting an incident with its entries and nodes: see document.h. Internal to report/redact/.
 */
#ifndef REPORT_REDACT_INCIDENT_H
#define REPORT_REDACT_INCIDENT_H

#include "hindcast/incident.h"
#include "report/redact/text.h"

/* Makes known what its records name: services, people, hosts, channels, files. */
void redact_know_incident(struct redaction *redaction, const struct incident *incident);
/* redact_learn() of its texts. */
void redact_learn_incident(struct redaction *redaction, const struct incident *incident);
/* The copy lives as long as the redaction. */
void redact_incident(struct redaction *redaction, const struct stored_incident *stored,
                     struct stored_incident *ret_copy);

#endif
