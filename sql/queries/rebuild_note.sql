-- Records ($2, an array) of which a set knows several deliveries now.
INSERT INTO correlate.rebuild_again (scope_no, uid) SELECT $1::integer, u FROM unnest($2::uuid[]) u ON CONFLICT DO NOTHING
