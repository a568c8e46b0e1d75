-- Due ones only: an open objection whose time has not come says nothing yet.
SELECT '' AS subject, sum(CASE WHEN answered_time <= due_time THEN 1 ELSE 0 END) AS numerator, count(*) AS denominator
FROM objection
WHERE direction = 'received' AND raised_time >= $1 AND raised_time < $2
  AND due_time IS NOT NULL AND (answered_time IS NOT NULL OR due_time < $2)
HAVING count(*) > 0
