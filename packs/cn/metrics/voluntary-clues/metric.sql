-- Of what became known about a platform's traders, the share that it brought itself.
SELECT party AS subject, sum(CASE WHEN own THEN n ELSE 0 END) AS numerator, sum(n) AS denominator
FROM (
  SELECT party, true AS own, record_count AS n FROM submission
  WHERE record_type = 'clue' AND received_time >= $1 AND received_time < $2
  UNION ALL
  SELECT f.party, false, count(*) FROM finding f JOIN finding_review r ON r.finding_id = f.finding_id
  WHERE r.outcome = 'confirmed' AND f.accepted_time >= $1 AND f.accepted_time < $2 GROUP BY f.party
) AS known
GROUP BY party
