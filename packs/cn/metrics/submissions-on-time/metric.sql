-- Records of types whose date the law names (a clue: five working days from the decision).
SELECT party AS subject, sum(dated - late) AS numerator, sum(dated) AS denominator
FROM submission
WHERE received_time >= $1 AND received_time < $2 AND dated > 0
GROUP BY party
