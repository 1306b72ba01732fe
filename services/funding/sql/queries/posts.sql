-- name: add_programme
-- Write a programme; nothing when its slug is taken.
-- $1 coordination, $2 programme, $3 name, $4 funder, $5 months of vacancy, $6 posts, $7 envelope in cents
INSERT INTO programmes (coordination, programme, name, funder, vacancy_months_max, posts_max,
                        envelope_cents)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING;

-- name: add_programme_rate
-- Write what one post of a programme brings to employers of a sector.
-- $1 coordination, $2 programme, $3 sector, $4 months, $5 instalments, $6 bonuses
INSERT INTO programme_rates (coordination, programme, sector, months, instalments_cents,
                             bonuses_cents)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: programme
-- One programme.
-- $1 coordination, $2 programme
SELECT programme, name, funder, vacancy_months_max, posts_max, envelope_cents
  FROM programmes
 WHERE coordination = $1
   AND programme = $2;

-- name: lock_programme
-- Hold a programme while what it allocates is counted.
-- $1 coordination, $2 programme
SELECT programme, name, funder, vacancy_months_max, posts_max, envelope_cents
  FROM programmes
 WHERE coordination = $1
   AND programme = $2
   FOR NO KEY UPDATE;

-- name: programmes
-- A page of programmes by slug.
-- $1 coordination, $2 after this slug, $3 most rows
SELECT programme, name, funder, vacancy_months_max, posts_max, envelope_cents
  FROM programmes
 WHERE coordination = $1
   AND programme > $2
 ORDER BY programme
 LIMIT $3;

-- name: named_programmes
-- These programmes.
-- $1 coordination, $2 programmes
SELECT programme, name, funder, vacancy_months_max, posts_max, envelope_cents
  FROM programmes
 WHERE coordination = $1
   AND programme = ANY($2::text[]);

-- name: programme_rates
-- The rates of these programmes.
-- $1 coordination, $2 programmes
SELECT programme, sector, months, instalments_cents, bonuses_cents
  FROM programme_rates
 WHERE coordination = $1
   AND programme = ANY($2::text[])
 ORDER BY programme, sector DESC;

-- name: add_allocation
-- Write an allocation; nothing when its slug is taken.
-- $1 coordination, $2 allocation, $3 programme, $4 posts, $5 cents, $6 estimated cents, $7 reference
INSERT INTO allocations (coordination, allocation, programme, posts, amount_cents,
                         estimated_cents, reference)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING;

-- name: add_allocation_holder
-- Write a holder of an allocation.
-- $1 coordination, $2 allocation, $3 holder, $4 weight
INSERT INTO allocation_holders (coordination, allocation, holder, weight)
VALUES ($1, $2, $3, $4);

-- name: allocation
-- One allocation.
-- $1 coordination, $2 allocation
SELECT allocation, programme, posts, amount_cents, estimated_cents, reference
  FROM allocations
 WHERE coordination = $1
   AND allocation = $2;

-- name: lock_allocation
-- Hold an allocation while its posts are counted.
-- $1 coordination, $2 allocation
SELECT allocation, programme, posts, amount_cents, estimated_cents, reference
  FROM allocations
 WHERE coordination = $1
   AND allocation = $2
   FOR NO KEY UPDATE;

-- name: allocations
-- A page of allocations by slug.
-- $1 coordination, $2 after this slug, $3 most rows
SELECT allocation, programme, posts, amount_cents, estimated_cents, reference
  FROM allocations
 WHERE coordination = $1
   AND allocation > $2
 ORDER BY allocation
 LIMIT $3;

-- name: allocation_holders
-- The holders of these allocations, by slug.
-- $1 coordination, $2 allocations
SELECT allocation, holder, weight
  FROM allocation_holders
 WHERE coordination = $1
   AND allocation = ANY($2::text[])
 ORDER BY allocation, holder;

-- name: allocated
-- The posts and cents of the allocations of a programme, or of all with null.
-- $1 coordination, $2 programme or null
SELECT coalesce(sum(posts), 0)::bigint AS posts,
       coalesce(sum(amount_cents), 0)::bigint AS amount_cents
  FROM allocations
 WHERE coordination = $1
   AND (programme = $2 OR $2::text IS NULL);

-- name: posts_opened
-- How many posts an allocation opened already.
-- $1 coordination, $2 allocation
SELECT count(*)
  FROM posts
 WHERE coordination = $1
   AND allocation = $2;

-- name: add_post
-- Open a post; nothing when its slug is taken.
-- $1 coordination, $2 post, $3 programme, $4 role, $5 funder, $6 employer, $7 host, $8 deployer, $9 kind of employer, $10 first day, $11 last day, $12 allocation, $13 fund, $14 yearly cost in cents, $15 reference
INSERT INTO posts (coordination, post, programme, role, funder, employer, host, deployer,
                   employer_kind, starts_on, ends_on, allocation, fund, yearly_cost_cents,
                   reference)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    ON CONFLICT DO NOTHING;

-- name: post
-- One post.
-- $1 coordination, $2 post
SELECT post, programme, role, funder, employer, host, deployer, employer_kind, starts_on, ends_on,
       allocation, fund, yearly_cost_cents, reference
  FROM posts
 WHERE coordination = $1
   AND post = $2;

-- name: lock_post
-- Hold a post while what happened to it is told.
-- $1 coordination, $2 post
SELECT post, programme, role, funder, employer, host, deployer, employer_kind, starts_on, ends_on,
       allocation, fund, yearly_cost_cents, reference
  FROM posts
 WHERE coordination = $1
   AND post = $2
   FOR NO KEY UPDATE;

-- name: posts
-- A page of posts by slug.
-- $1 coordination, $2 after this slug, $3 most rows
SELECT post, programme, role, funder, employer, host, deployer, employer_kind, starts_on, ends_on,
       allocation, fund, yearly_cost_cents, reference
  FROM posts
 WHERE coordination = $1
   AND post > $2
 ORDER BY post
 LIMIT $3;

-- name: add_post_event
-- Append what happened to a post.
-- $1 coordination, $2 place, $3 post, $4 event, $5 kind, $6 day, $7 cents, $8 rank, $9 contract, $10 employer, $11 host, $12 deployer, $13 kind of employer, $14 reason, $15 instant
INSERT INTO post_events (coordination, n, post, event, kind, effective_on, amount_cents, rank,
                         contract, employer, host, deployer, employer_kind, reason, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: post_events
-- What happened to these posts up to a day, in order.
-- $1 coordination, $2 posts, $3 day
SELECT post, event, kind, effective_on, amount_cents, rank, contract, employer, host, deployer,
       employer_kind, reason
  FROM post_events
 WHERE coordination = $1
   AND post = ANY($2::text[])
   AND effective_on <= $3
 ORDER BY post, n;

-- name: posts_by_employer
-- How many posts not returned by a day employers of each kind hold, transfers told.
-- $1 coordination, $2 day
SELECT held.employer_kind, count(*) AS posts
  FROM (SELECT coalesce((SELECT post_events.employer_kind
                           FROM post_events
                          WHERE post_events.coordination = posts.coordination
                            AND post_events.post = posts.post
                            AND post_events.employer_kind IS NOT NULL
                            AND post_events.effective_on <= $2
                          ORDER BY post_events.n DESC
                          LIMIT 1), posts.employer_kind) AS employer_kind
          FROM posts
         WHERE posts.coordination = $1
           AND posts.starts_on <= $2
           AND NOT EXISTS (SELECT FROM post_events
                            WHERE post_events.coordination = posts.coordination
                              AND post_events.post = posts.post
                              AND post_events.kind = 'returned'
                              AND post_events.effective_on <= $2)) AS held
 GROUP BY held.employer_kind
 ORDER BY held.employer_kind;
