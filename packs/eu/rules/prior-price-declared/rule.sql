-- A price shown as reduced that lies above the lowest price of thirty days which the trader itself publishes beside it.
SELECT o.party, o.listing AS subject, o.shop,
       CASE WHEN o.price_currency = o.declared_low_currency THEN 'suspect' ELSE 'undecidable' END AS verdict,
       CASE WHEN o.price_currency = o.declared_low_currency THEN 'above_declared_low' ELSE 'other_currency' END AS basis,
       o.price_minor, o.declared_low_minor, o.price_currency AS currency, o.from_date, o.record_id AS offer_ref
FROM offer o CROSS JOIN parameters p
WHERE o.declared_low_minor IS NOT NULL AND (COALESCE(o.reduced, FALSE) OR o.prior_price_minor IS NOT NULL)
  AND (o.price_currency <> o.declared_low_currency OR o.price_minor - p.margin_minor > o.declared_low_minor)
