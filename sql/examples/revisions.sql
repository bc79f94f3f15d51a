SELECT incident, revision, causes, added, removed, changed, current FROM analyst.revisions ORDER BY incident, revision;
