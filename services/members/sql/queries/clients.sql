-- name: put_client
-- Register a client, or bring its roles and keys to what is asked; it stays in its coordination.
-- $1 client, $2 coordination, $3 organization, $4 roles, $5 key, $6 next key, $7 instant
INSERT INTO clients (client_id, coordination, organization, roles, jwk, jwk_next, registered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (client_id) DO UPDATE
   SET organization = excluded.organization, roles = excluded.roles, jwk = excluded.jwk,
       jwk_next = excluded.jwk_next
 WHERE clients.coordination = excluded.coordination
RETURNING client_id;

-- name: client
-- One client and its public keys.
-- $1 client
SELECT client_id, coordination, organization, roles, jwk, jwk_next
  FROM clients
 WHERE client_id = $1;

-- name: drop_client
-- A system may ask for no token any more, in this coordination.
-- $1 client, $2 coordination
DELETE FROM clients
 WHERE client_id = $1
   AND coordination = $2;

-- name: forget_assertions
-- Drop some assertions that are over; those another request is dropping are left to it.
-- $1 instant, $2 most rows
DELETE FROM assertions
 WHERE (client_id, jti) IN (SELECT client_id, jti
                              FROM assertions
                             WHERE expires_at < $1
                             ORDER BY expires_at
                             LIMIT $2
                               FOR UPDATE SKIP LOCKED);

-- name: use_assertion
-- Use an assertion; nothing when it was used before.
-- $1 client, $2 jti, $3 end
INSERT INTO assertions (client_id, jti, expires_at)
VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING
RETURNING jti;
