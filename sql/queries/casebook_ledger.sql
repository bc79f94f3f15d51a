SELECT coalesce(sum(records), 0), coalesce(sum(stored), 0), coalesce(sum(empty), 0),
       coalesce(sum(tombstones), 0), coalesce(sum(quarantined), 0), coalesce(sum(holes), 0),
       coalesce(sum(lost), 0), coalesce(sum(events), 0), count(*), coalesce(bool_and(adds_up), true)
FROM analyst.ledger
