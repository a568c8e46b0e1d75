-- Art. 16 of Order 56: a compared price whose meaning is not stated may not exceed the lowest price paid in the same
-- shop in the seven days before; where nothing was sold in them, the last price paid before.
WITH promoted AS (
    -- Offers that show a compared price without saying what price it is. A price paid above limit_minor is in order.
    -- since_date also keeps the join below quick: with it DuckDB expects few of these and builds its table on them.
    SELECT o.party, o.shop, o.listing, o.record_id, o.from_date,
           o.from_date - p.window_days AS window_from,
           o.reference_price_minor, o.reference_price_currency,
           o.reference_price_minor - CASE
               WHEN p.rounding_minor > 1 AND idiv(o.reference_price_minor, p.rounding_minor) * p.rounding_minor = o.reference_price_minor
               THEN p.rounding_minor ELSE 1 END AS limit_minor
    FROM offer o CROSS JOIN parameters p
    WHERE o.reference_price_minor IS NOT NULL AND COALESCE(o.reference_detail_marked, FALSE) = FALSE
      AND o.from_date >= p.since_date
),
recent AS (
    SELECT r.party, r.shop, r.record_id,
           MIN(s.price_minor) FILTER (WHERE s.price_currency = r.reference_price_currency) AS lowest_minor,
           COUNT(*) FILTER (WHERE s.price_currency <> r.reference_price_currency) AS foreign_sales
    FROM promoted r
    JOIN sale s ON s.party = r.party AND s.shop = r.shop AND s.listing = r.listing
               AND s.sale_date >= r.window_from AND s.sale_date < r.from_date
    GROUP BY r.party, r.shop, r.record_id
),
covered AS (
    -- Every sale from known_from until the day of the promotion is known.
    SELECT r.party, r.shop, r.record_id, MIN(c.from_date) AS known_from
    FROM promoted r
    JOIN coverage c ON c.party = r.party AND c.shop = r.shop AND c.record_type = 'sale'
                   AND c.from_date <= r.window_from AND c.until_date >= r.from_date
    GROUP BY r.party, r.shop, r.record_id
),
weighed AS (
    SELECT r.party, r.shop, r.listing, r.record_id, r.from_date, r.window_from,
           r.reference_price_minor, r.reference_price_currency, r.limit_minor, w.lowest_minor, c.known_from,
           CASE WHEN w.lowest_minor <= r.limit_minor THEN 'lowest_7_days'
                WHEN c.known_from IS NULL THEN 'history_missing'
                WHEN w.foreign_sales > 0 THEN 'other_currency'
                WHEN w.lowest_minor IS NOT NULL THEN 'in_order'
                ELSE 'look_back' END AS step
    FROM promoted r
    LEFT JOIN recent w ON w.party = r.party AND w.shop = r.shop AND w.record_id = r.record_id
    LEFT JOIN covered c ON c.party = r.party AND c.shop = r.shop AND c.record_id = r.record_id
),
last_time AS (
    SELECT w.party, w.shop, w.record_id, MAX(s.sale_time) AS sale_time
    FROM weighed w
    JOIN sale s ON s.party = w.party AND s.shop = w.shop AND s.listing = w.listing AND s.sale_date < w.window_from
    WHERE w.step = 'look_back'
    GROUP BY w.party, w.shop, w.record_id
),
last_sale AS (
    -- Of sales at the same moment nobody can say which was last: the highest price counts, in the trader's favour.
    SELECT w.party, w.shop, w.record_id, MIN(s.sale_date) AS sale_date,
           MAX(s.price_minor) FILTER (WHERE s.price_currency = w.reference_price_currency) AS price_minor,
           COUNT(*) FILTER (WHERE s.price_currency <> w.reference_price_currency) AS foreign_sales
    FROM weighed w
    JOIN last_time t ON t.party = w.party AND t.shop = w.shop AND t.record_id = w.record_id
    JOIN sale s ON s.party = w.party AND s.shop = w.shop AND s.listing = w.listing AND s.sale_time = t.sale_time
               AND s.sale_date < w.window_from
    WHERE w.step = 'look_back'
    GROUP BY w.party, w.shop, w.record_id
),
judged AS (
    SELECT w.party, w.shop, w.listing, w.record_id, w.from_date, w.window_from,
           w.reference_price_minor, w.reference_price_currency,
           CASE WHEN w.step <> 'look_back' THEN w.lowest_minor ELSE l.price_minor END AS lowest_minor,
           CASE WHEN w.step <> 'look_back' THEN w.step
                WHEN l.sale_date IS NULL THEN 'no_history'
                WHEN l.sale_date < w.known_from THEN 'history_missing'
                WHEN l.foreign_sales > 0 THEN 'other_currency'
                WHEN l.price_minor <= w.limit_minor THEN 'last_sale'
                ELSE 'in_order' END AS basis
    FROM weighed w
    LEFT JOIN last_sale l ON l.party = w.party AND l.shop = w.shop AND l.record_id = w.record_id
),
moment AS (
    -- The last sale's time again, to name the sale; NULL for the seven days, where the cheapest is named.
    SELECT j.party, j.shop, j.listing, j.record_id, j.from_date, j.window_from, j.reference_price_currency,
           j.lowest_minor, j.basis, t.sale_time
    FROM judged j
    LEFT JOIN last_time t ON t.party = j.party AND t.shop = j.shop AND t.record_id = j.record_id
    WHERE j.basis = 'lowest_7_days' OR j.basis = 'last_sale'
),
proof AS (
    -- Of several sales that prove the same, the one with the least record_id.
    SELECT m.party, m.shop, m.record_id, MIN(s.record_id) AS sale_ref
    FROM moment m
    JOIN sale s ON s.party = m.party AND s.shop = m.shop AND s.listing = m.listing
               AND s.price_currency = m.reference_price_currency AND s.price_minor = m.lowest_minor
               AND s.sale_date < m.from_date
    WHERE (m.basis = 'lowest_7_days' AND s.sale_date >= m.window_from)
       OR (m.basis = 'last_sale' AND s.sale_time = m.sale_time AND s.sale_date < m.window_from)
    GROUP BY m.party, m.shop, m.record_id
)
SELECT j.party, j.listing AS subject, j.shop,
       CASE WHEN j.basis = 'lowest_7_days' OR j.basis = 'last_sale' THEN 'suspect' ELSE 'undecidable' END AS verdict,
       j.basis, j.reference_price_minor, j.lowest_minor, j.reference_price_currency AS currency,
       j.window_from, j.from_date AS window_until, j.record_id AS offer_ref, e.sale_ref
FROM judged j
LEFT JOIN proof e ON e.party = j.party AND e.shop = j.shop AND e.record_id = j.record_id
WHERE j.basis <> 'in_order'
