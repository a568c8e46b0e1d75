-- Art. 6, 16 and 17 of the Personal Information Protection Law: a service may demand what it needs and no more, and says
-- for each item what for and how long. What a common type of service needs is listed by the rule of 2021.
WITH weighed AS (
    SELECT n.party, n.service, n.record_id, n.service_type, n.item, n.item_name, n.notice_version, n.effective_date,
           CASE WHEN (n.necessity = 'necessary' OR n.refusal_denies_service) AND t.service_type IS NOT NULL
                     AND i.item IS NULL THEN 'beyond_need'
                WHEN p.statements_needed AND n.purpose IS NULL THEN 'purpose_not_stated'
                WHEN p.statements_needed AND n.retention_days IS NULL AND n.retention_rule IS NULL
                THEN 'retention_not_stated'
                WHEN (n.necessity = 'necessary' OR n.refusal_denies_service) AND t.service_type IS NULL
                THEN 'unknown_service_type'
                ELSE 'in_order' END AS basis
    FROM privacy_notice n CROSS JOIN parameters p
    LEFT JOIN known_type t ON t.service_type = n.service_type
    LEFT JOIN needed_item i ON i.service_type = n.service_type AND i.item = n.item
    WHERE n.effective_date >= p.since_date
)
SELECT w.party, w.service AS subject,
       CASE WHEN w.basis = 'unknown_service_type' THEN 'undecidable' ELSE 'suspect' END AS verdict,
       w.basis, w.service_type, w.item, w.item_name, w.notice_version, w.effective_date, w.record_id AS notice_ref
FROM weighed w
WHERE w.basis <> 'in_order'
