/*
 * What two nodes may share, in the order in which a node has its keys. A kind is a line of
 * docs/correlation.md, its gap and weight are settings (correlate/settings.def).
 */
#ifndef HINDCAST_GROUPING_KEY_H
#define HINDCAST_GROUPING_KEY_H

/* KEY(name, word, own): `own` keys are all that a familiar node has. */
#define GROUPING_KEYS(KEY)                                                                         \
    KEY(CORRELATION, "correlation", true)                                                          \
    KEY(TRACE, "trace", true)                                                                      \
    KEY(DEPLOY, "deploy", true)                                                                    \
    KEY(HOST, "host", false)                                                                       \
    KEY(SERVICE, "service", false)                                                                 \
    KEY(EDGE, "edge", false)                                                                       \
    KEY(SCOPE, "scope", false)                                                                     \
    KEY(NAME, "name", false)                                                                       \
    KEY(TEXT, "text", false)                                                                       \
    KEY(REGION, "region", false)                                                                   \
    KEY(TEAM, "team", false)                                                                       \
    KEY(FINGERPRINT, "fingerprint", true)                                                          \
    KEY(THREAD, "thread", false)

enum key_kind {
#define KEY(name, word, own) KEY_##name,
    GROUPING_KEYS(KEY)
#undef KEY
        KEY_KINDS
};

#endif
