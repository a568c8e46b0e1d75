SELECT '' AS subject, sum(CASE WHEN answered_time <= asked_time + INTERVAL 1 MINUTE THEN 1 ELSE 0 END) AS numerator,
       count(*) AS denominator
FROM identity_check
WHERE asked_time >= $1 AND asked_time < $2
HAVING count(*) > 0
