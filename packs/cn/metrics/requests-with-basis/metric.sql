-- What the gate let through, of all that somebody tried to send.
SELECT '' AS subject, sum(CASE WHEN sent THEN 1 ELSE 0 END) AS numerator, count(*) AS denominator
FROM (
  SELECT true AS sent, sent_time AS tried_time FROM request WHERE direction = 'sent'
  UNION ALL
  SELECT false, blocked_time FROM blocked_request
) AS tried
WHERE tried_time >= $1 AND tried_time < $2
HAVING count(*) > 0
