-- Partitions of log lines that are over, those without an index of words, the first day of these.
SELECT closed, unindexed, since FROM analyst.lines_indexed()
