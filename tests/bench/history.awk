# Alerts every 20 minutes of one of 24 services, each 20th a deploy, from number `from` on, `count` of them.
BEGIN {
    srand(from + 1)
    for (i = from; i < from + count; i++) {
        s = int(rand() * 24)
        h = int(rand() * 3)
        at = strftime("%Y-%m-%dT%H:%M:%SZ", 1500000000 + i * 1200 + int(rand() * 1200), 1)
        if (i % 20 == 7)
            printf "{\"time\":\"%s\",\"kind\":\"deploy\",\"source\":\"cd\",\"service\":\"s%d\",\"text\":\"deployed s%d v%d\",\"id\":\"%s%d\"}\n", at, s, s, i, name, i
        else
            printf "{\"time\":\"%s\",\"kind\":\"alert\",\"source\":\"am\",\"service\":\"s%d\",\"host\":\"s%d-%d\",\"severity\":\"critical\",\"phase\":\"trigger\",\"dedup_key\":\"%d\",\"text\":\"errors in s%d\",\"id\":\"%s%d\"}\n", at, s, s, h, i, s, name, i
    }
}
