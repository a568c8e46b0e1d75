SELECT m.from_party AS subject, sum(CASE WHEN f.entry IS NULL THEN 1 ELSE 0 END) AS numerator, count(*) AS denominator
FROM message m LEFT JOIN failed_message f ON f.entry = m.entry
WHERE m.direction = 'received' AND m.type = 'submission' AND m.logged_time >= $1 AND m.logged_time < $2
GROUP BY m.from_party
