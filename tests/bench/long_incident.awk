# Writes one incident of ROWS rows, as hindcast's event JSON, a line each: of 20 rows 12 of chat, 4 of alerts
# that fire and are resolved, 2 changes, a log line and a status update; 400 services, 60 people, two days.
# The same every time. Usage: awk -v ROWS=100000 -f long_incident.awk
function stamp(i,   ms, s) {
    ms = int(i * 172800000 / ROWS)
    s = int(ms / 1000)
    return sprintf("2026-03-%02dT%02d:%02d:%02d.%03dZ", 1 + int(s / 86400), int(s / 3600) % 24, int(s / 60) % 60, s % 60, ms % 1000)
}
function word(n) { return words[n % count + 1] }
BEGIN {
    count = split("checkout is slow again and the pool of the database has no connection left on node seven while " \
                  "traffic from the north grows we look at the graphs who restarts the workers after lunch", words, " ")
    for (i = 0; i < ROWS; i++) {
        kind = i % 20
        service = "service-" (i * 7919 % 400)
        head = "{\"id\":\"r" i "\",\"time\":\"" stamp(i) "\",\"incident\":\"long\","
        text = word(i) " " word(i * 3) " " word(i * 5 + 1) " " word(i * 11) " " i
        if (kind < 12)
            print head "\"kind\":\"chat\",\"channel\":\"inc\",\"source\":\"slack:inc\",\"actor\":\"person-" (i * 31 % 60) "\",\"text\":\"" text "\"}"
        else if (kind < 16)
            print head "\"kind\":\"alert\",\"source\":\"watch\",\"service\":\"" service "\",\"severity\":\"" \
                (i % 3 ? "error" : "critical") "\",\"phase\":\"" (kind % 2 ? "resolve" : "trigger") \
                "\",\"fingerprint\":\"f" int(i / 2) % 2000 "\",\"title\":\"" service " answers slowly\"}"
        else if (kind < 18)
            print head "\"kind\":\"deploy\",\"source\":\"deploys\",\"service\":\"" service "\",\"actor\":\"person-" i % 60 "\",\"text\":\"deploy of " service " " i "\"}"
        else if (kind < 19)
            print head "\"kind\":\"log\",\"source\":\"app\",\"service\":\"" service "\",\"severity\":\"error\",\"text\":\"" text " failed with " i % 97 "\"}"
        else
            print head "\"kind\":\"status\",\"source\":\"page\",\"text\":\"update " i ": " text "\"}"
    }
}
