-- Art. 6a of Directive 98/6/EC: the prior price is the lowest price that the trader applied in the 30 days before the
-- reduction. Offered prices, not prices paid; an offer is an interval, so a price set earlier and still in force counts.
WITH open_offer AS (
    -- Offers to everyone. An offer without end is in force for ever.
    SELECT o.party, o.shop, o.listing, o.record_id, o.campaign, o.progressive, o.perishable, o.first_listed_date,
           o.from_date, COALESCE(o.until_date, DATE '9999-12-31') AS until_date,
           COALESCE(o.reduction_start_date, o.from_date) AS start_date,
           o.price_minor, o.price_currency, o.prior_price_minor, o.prior_price_currency
    FROM offer o
    WHERE COALESCE(o.audience, 'everyone') = 'everyone'
),
step AS (
    -- The steps of progressive reductions; `interrupted` where a step does not go on from the one before.
    SELECT s.party, s.shop, s.listing, s.campaign, s.record_id, s.from_date, s.start_date,
           CASE WHEN s.from_date <= s.reached_date + p.chain_gap_days AND s.price_minor <= s.price_before_minor
                     AND s.price_currency = s.currency_before
                THEN 0 ELSE 1 END AS interrupted
    FROM (
        SELECT o.party, o.shop, o.listing, o.campaign, o.record_id, o.from_date, o.start_date, o.price_minor, o.price_currency,
               MAX(o.until_date) OVER (PARTITION BY o.party, o.shop, o.listing, o.campaign
                   ORDER BY o.from_date NULLS FIRST, o.record_id COLLATE "C" NULLS FIRST
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached_date,
               LAG(o.price_minor) OVER (PARTITION BY o.party, o.shop, o.listing, o.campaign
                   ORDER BY o.from_date NULLS FIRST, o.record_id COLLATE "C" NULLS FIRST) AS price_before_minor,
               LAG(o.price_currency) OVER (PARTITION BY o.party, o.shop, o.listing, o.campaign
                   ORDER BY o.from_date NULLS FIRST, o.record_id COLLATE "C" NULLS FIRST) AS currency_before
        FROM open_offer o
        WHERE o.progressive = TRUE AND o.prior_price_minor IS NOT NULL
    ) s CROSS JOIN parameters p
),
numbered AS (
    SELECT s.party, s.shop, s.listing, s.campaign, s.record_id, s.start_date, s.interrupted,
           SUM(s.interrupted) OVER (PARTITION BY s.party, s.shop, s.listing, s.campaign
               ORDER BY s.from_date NULLS FIRST, s.record_id COLLATE "C" NULLS FIRST
               ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS chain
    FROM step s
),
chained AS (
    -- The day on which the first step of each step's chain began, as declared with that first step.
    SELECT n.party, n.shop, n.record_id,
           MIN(CASE WHEN n.interrupted = 1 THEN n.start_date END)
               OVER (PARTITION BY n.party, n.shop, n.listing, n.campaign, n.chain) AS first_date
    FROM numbered n
),
announced AS (
    -- Reductions announced to everyone, each with the day before which its window ends.
    SELECT o.party, o.shop, o.listing, o.record_id, o.first_listed_date, o.prior_price_minor, o.prior_price_currency,
           p.window_days, p.new_goods_days_min,
           CASE WHEN p.progressive_option THEN COALESCE(c.first_date, o.start_date) ELSE o.start_date END AS anchor_date
    FROM open_offer o CROSS JOIN parameters p
    LEFT JOIN chained c ON c.party = o.party AND c.shop = o.shop AND c.record_id = o.record_id
    WHERE o.prior_price_minor IS NOT NULL AND o.start_date >= p.since_date
      AND NOT (p.perishable_exempt AND COALESCE(o.perishable, FALSE))
),
windowed AS (
    -- What is newer than the window has a shorter one: it begins with the first day on the market.
    SELECT a.party, a.shop, a.listing, a.record_id, a.prior_price_minor, a.prior_price_currency, a.anchor_date,
           a.new_goods_days_min, a.first_listed_date, a.window_days,
           CASE WHEN a.first_listed_date > a.anchor_date - a.window_days THEN a.first_listed_date
                ELSE a.anchor_date - a.window_days END AS window_from
    FROM announced a
),
lowest AS (
    -- Every price in force on a day of the full window, whatever was declared as the first day on the market.
    SELECT w.party, w.shop, w.record_id,
           MIN(o.price_minor) FILTER (WHERE o.price_currency = w.prior_price_currency) AS lowest_minor,
           COUNT(*) FILTER (WHERE o.price_currency <> w.prior_price_currency) AS foreign_offers
    FROM windowed w
    JOIN open_offer o ON o.party = w.party AND o.shop = w.shop AND o.listing = w.listing
                     AND o.from_date < w.anchor_date AND o.until_date > w.anchor_date - w.window_days
                     AND o.until_date > o.from_date
    GROUP BY w.party, w.shop, w.record_id
),
covered AS (
    SELECT w.party, w.shop, w.record_id, MIN(c.from_date) AS known_from
    FROM windowed w
    JOIN coverage c ON c.party = w.party AND c.shop = w.shop AND c.record_type = 'offer'
                   AND c.from_date <= w.window_from AND c.until_date >= w.anchor_date
    GROUP BY w.party, w.shop, w.record_id
),
judged AS (
    SELECT w.party, w.shop, w.listing, w.record_id, w.prior_price_minor, w.prior_price_currency, w.window_from,
           w.anchor_date, w.window_days, l.lowest_minor,
           CASE WHEN w.first_listed_date > w.anchor_date - w.window_days
                     AND w.anchor_date - w.first_listed_date < w.new_goods_days_min THEN 'too_new'
                WHEN c.known_from IS NULL THEN 'history_missing'
                WHEN l.foreign_offers > 0 THEN 'other_currency'
                WHEN l.lowest_minor IS NULL THEN 'no_prior_price'
                WHEN w.prior_price_minor > l.lowest_minor THEN 'above_lowest'
                ELSE 'in_order' END AS basis
    FROM windowed w
    LEFT JOIN lowest l ON l.party = w.party AND l.shop = w.shop AND l.record_id = w.record_id
    LEFT JOIN covered c ON c.party = w.party AND c.shop = w.shop AND c.record_id = w.record_id
),
proof AS (
    -- Of several offers at the lowest price, the one with the least record_id.
    SELECT j.party, j.shop, j.record_id, MIN(o.record_id) AS prior_ref
    FROM judged j
    JOIN open_offer o ON o.party = j.party AND o.shop = j.shop AND o.listing = j.listing
                     AND o.price_currency = j.prior_price_currency AND o.price_minor = j.lowest_minor
                     AND o.from_date < j.anchor_date AND o.until_date > j.anchor_date - j.window_days
                     AND o.until_date > o.from_date
    WHERE j.basis = 'above_lowest'
    GROUP BY j.party, j.shop, j.record_id
)
SELECT j.party, j.listing AS subject, j.shop,
       CASE WHEN j.basis = 'above_lowest' THEN 'suspect' ELSE 'undecidable' END AS verdict,
       j.basis, j.prior_price_minor, j.lowest_minor, j.prior_price_currency AS currency,
       j.window_from, j.anchor_date AS window_until, j.record_id AS offer_ref, e.prior_ref
FROM judged j
LEFT JOIN proof e ON e.party = j.party AND e.shop = j.shop AND e.record_id = j.record_id
WHERE j.basis <> 'in_order'
