SELECT file, outcome, look, first_time FROM analyst.files ORDER BY file COLLATE "C";
