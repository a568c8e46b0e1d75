SELECT '' AS subject, sum(CASE WHEN closed_time < $2 THEN 1 ELSE 0 END) AS numerator, count(*) AS denominator
FROM supervision_case
WHERE opened_time >= $1 AND opened_time < $2
HAVING count(*) > 0
