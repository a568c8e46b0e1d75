SELECT party AS subject, sum(CASE WHEN answered_time <= deadline_time THEN 1 ELSE 0 END) AS numerator, count(*) AS denominator
FROM request
WHERE direction = 'sent' AND sent_time >= $1 AND sent_time < $2
  AND (answered_time IS NOT NULL OR deadline_time < $2)
GROUP BY party
