ALTER TABLE funders ADD COLUMN siret text CHECK (siret ~ '^[0-9]{14}$');
ALTER TABLE payees
  ADD COLUMN siret text CHECK (siret ~ '^[0-9]{14}$'),
  ADD COLUMN rna text CHECK (rna ~ '^W[0-9]{9}$');

CREATE TABLE grants (
    coordination text NOT NULL,
    grant_key text NOT NULL,
    nth integer NOT NULL CHECK (nth >= 1),
    funder_name text NOT NULL,
    funder_siret text NOT NULL,
    beneficiary_name text NOT NULL,
    beneficiary_siret text,
    beneficiary_rna text,
    agreed_on date NOT NULL,
    reference text,
    object text NOT NULL,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    nature text NOT NULL,
    terms text NOT NULL,
    period text,
    scheme text,
    imported_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, grant_key, nth)
);
COMMENT ON TABLE grants IS 'What funders published that they gave; never money of the ledger.';

CREATE TABLE adviser_estimates (
    coordination text NOT NULL,
    estimate_key text NOT NULL,
    nth integer NOT NULL CHECK (nth >= 1),
    edition text NOT NULL,
    host_name text NOT NULL,
    host_siret text,
    host_kind text NOT NULL,
    commune text,
    department text,
    validated_on date NOT NULL,
    posts integer NOT NULL CHECK (posts > 0),
    estimated_cents bigint NOT NULL CHECK (estimated_cents > 0),
    grant_cents bigint NOT NULL CHECK (grant_cents >= 0),
    imported_at timestamptz NOT NULL,
    PRIMARY KEY (coordination, estimate_key, nth),
    CHECK (grant_cents <= estimated_cents)
);
COMMENT ON TABLE adviser_estimates IS 'What the State estimates it invests in posts; never booked as a host''s money.';

CREATE INDEX transfers_by_action ON transfers (coordination, action, block, n)
 WHERE action IS NOT NULL;
