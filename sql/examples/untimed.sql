-- as hindcast_responder
SELECT kind, count(*) AS events FROM analyst.untimed GROUP BY kind ORDER BY kind;
