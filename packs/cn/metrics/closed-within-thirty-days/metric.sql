SELECT '' AS subject, sum(CASE WHEN closed_time <= opened_time + INTERVAL 30 DAY THEN 1 ELSE 0 END) AS numerator,
       count(*) AS denominator
FROM supervision_case
WHERE closed_time >= $1 AND closed_time < $2
HAVING count(*) > 0
