-- command: from here on the partition takes no more rows. Waits for those who write to it now;
-- readers go on.
SELECT format('CREATE TRIGGER retiring BEFORE INSERT ON %s FOR EACH ROW'
              ' EXECUTE FUNCTION evidence.refuse_row();'
              'UPDATE evidence.partition SET retiring = true WHERE name = %L', $1::text, $1::text)
