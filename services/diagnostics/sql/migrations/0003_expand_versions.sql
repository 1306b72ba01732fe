CREATE TABLE versions (
    coordination text NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    id uuid NOT NULL,
    title text NOT NULL,
    published_at timestamptz NOT NULL,
    hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
    public_hash text NOT NULL CHECK (public_hash ~ '^[0-9a-f]{64}$'),
    elements integer NOT NULL CHECK (elements >= 0),
    document bytea NOT NULL CHECK (hash = encode(sha256(document), 'hex')),
    public_document bytea NOT NULL CHECK (public_hash = encode(sha256(public_document), 'hex')),
    PRIMARY KEY (coordination, number),
    UNIQUE (coordination, id)
);
COMMENT ON TABLE versions IS 'Frozen versions of the diagnostic: decisions cite them, nothing changes them.';
COMMENT ON COLUMN versions.document IS 'Canonical JSON of the version as agreements open it, without its hash.';
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is frozen: publish another version', TG_TABLE_NAME
          USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON versions
   FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE readers (
    agreement_id uuid PRIMARY KEY,
    coordination text NOT NULL,
    institution text NOT NULL,
    valid_from date NOT NULL,
    valid_until date NOT NULL,
    suspended boolean NOT NULL DEFAULT false,
    ended boolean NOT NULL DEFAULT false
);
CREATE INDEX readers_institution ON readers (coordination, institution);
COMMENT ON TABLE readers IS 'Agreements: while one is in force its institution reads exact counts.';

CREATE TABLE open_sources (
    coordination text NOT NULL,
    licence text NOT NULL,
    label text NOT NULL,
    PRIMARY KEY (coordination, licence)
);
COMMENT ON TABLE open_sources IS 'Labels of open data: anyone may read its counts as their producer published them.';
