// A partner institution's own program, with @nats-io/transport-node and @nats-io/jetstream.
//
//     node partner.mjs publish FOLDER SIGNALS.ndjson [--idle SECONDS]
//     node partner.mjs follow FOLDER STATE_FILE [--idle SECONDS]
//
// It is written from the partner guide and the published contracts alone.
// Exit codes: 0 done, 1 a signal was refused, 2 wrong usage, 3 the exchange refuses us or is mute.
// CTIN_NODE_MODULES names the folder of the packages when they are not installed beside.

import { randomUUID } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync } from "node:fs";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const modules = process.env.CTIN_NODE_MODULES;
const load = modules ? createRequire(`${modules}/x.js`) : (name) => import(name);
const { connect, headers, nkeyAuthenticator } = await load("@nats-io/transport-node");
const { JetStreamApiError, jetstream } = await load("@nats-io/jetstream");

const TYPES = ["exposure_count", "reported_need"];
const UPDATE = "fr.ctin.diagnostics.area_updated.v1";
const SIZE_ERROR = 10054; // JetStream's own code for a message larger than the stream takes
const [DONE, REFUSED, USAGE, AWAY] = [0, 1, 2, 3];

/** Ends the program with an exit code and one French sentence. */
function stop(code, sentence) {
  console.error(sentence);
  process.exit(code);
}

/** Messages of a durable, until `idle` seconds went by without one. */
async function* listen(client, me, durable, idle) {
  let heard = Date.now();
  const silent = () => Date.now() - heard >= idle * 1000;
  while (!silent()) {
    try {
      // `get` asks CONSUMER.INFO alone, which a partner may; nothing here checks the account.
      const consumer = await jetstream(client).consumers.get(me.stream, me.durables[durable]);
      const messages = await consumer.consume({ max_messages: 100, expires: 5000 });
      const clock = setInterval(() => silent() && messages.stop(), 100);
      try {
        for await (const message of messages) {
          yield message;
          heard = Date.now();
        }
      } finally {
        clearInterval(clock);
        messages.stop();
      }
    } catch {
      await sleep(500); // the server is away or starts, or the durable is not there yet
    }
  }
}

async function publish(client, me, path, idle) {
  const text = readFileSync(path, "utf8");
  const signals = text.split("\n").filter((line) => line.trim()).map((line) => JSON.parse(line));
  if (!signals.every((signal) => TYPES.includes(signal?.type))) {
    stop(USAGE, `Chaque ligne a un « type », ${TYPES.join(" ou ")}.`);
  }
  const lines = [];
  for (const signal of signals) lines.push(await send(client, me, signal));
  const kept = lines.filter((line) => line.status === null);
  const missing = new Map(kept.map((line) => [line.in_seq, line]));
  if (missing.size > 0) {
    for await (const message of listen(client, me, "answers", idle)) {
      const event = message.json();
      for (const answer of event.answers ?? [event]) { // one answer, or several grouped
        const line = missing.get(answer.in_seq);
        if (line !== undefined) {
          missing.delete(answer.in_seq);
          line.code = answer.code ?? null;
          line.detail = answer.detail ?? null;
          line.status = line.code === null ? "accepted" : "refused";
        }
      }
      message.ack();
      if (missing.size === 0) break;
    }
    if (missing.size > 0) {
      stop(AWAY, "L'échange n'a pas encore répondu : relancez la même commande.");
    }
  }
  for (const line of lines) console.log(JSON.stringify(line));
  return lines.every((line) => line.status === "accepted") ? DONE : REFUSED;
}

/** Publish a signal until the stream keeps it. A retry is free, so every failure is retried. */
async function send(client, me, { type, ...data }) {
  const body = new TextEncoder().encode(JSON.stringify(data));
  const subject = `in.${me.institution}.${me.coordination}.${type}.v1`;
  const signal_id = data.signal_id ?? null;
  const line = { signal_id, in_seq: null, status: null, code: null, detail: null };
  const tooLarge = { status: "refused", code: "E_SIZE", detail: "Le message est trop grand." };
  if (body.length > client.info.max_payload) return { ...line, ...tooLarge };
  for (;;) {
    const attributes = headers();
    attributes.set("ce-specversion", "1.0");
    attributes.set("ce-id", randomUUID());
    attributes.set("ce-source", `urn:ctin:institution:${me.institution}`);
    attributes.set("ce-type", `fr.ctin.signals.${type}.v1`);
    attributes.set("ce-time", new Date().toISOString());
    attributes.set("ce-datacontenttype", "application/json");
    try {
      const ack = await jetstream(client).publish(subject, body, { headers: attributes });
      return { ...line, in_seq: ack.seq };
    } catch (error) {
      if (error instanceof JetStreamApiError && error.status < 500) {
        const refusal = { status: "refused", code: String(error.code), detail: error.message };
        return { ...line, ...(error.code === SIZE_ERROR ? tooLarge : refusal) };
      }
    }
    await sleep(500);
  }
}

async function follow(client, me, path, idle) {
  let state = { last_seq: 0, areas: {}, applied: 0 };
  if (existsSync(path)) state = JSON.parse(readFileSync(path, "utf8"));
  for await (const message of listen(client, me, "updates", idle)) {
    if (message.headers?.get("ce-type") === UPDATE && apply(state, message.seq, message.json())) {
      save(path, state);
    }
    message.ack();
  }
  return DONE;
}

/**
 * Keep each figure of an update that is newer than the one in its place; tell if any was.
 * The sequence is kept per figure: after a crash, what was in flight comes again after newer
 * messages, and must still be taken where nothing newer was.
 */
function apply(state, seq, area) {
  const found = (state.areas[area.commune] ??= { as_of_seq: 0, readings: {}, seqs: {} });
  let changed = false;
  for (const figure of area.exposures) {
    const key = keyOf(figure);
    if (seq > (found.seqs[key] ?? 0)) {
      found.readings[key] = figure.reading;
      found.seqs[key] = seq;
      changed = true;
    }
  }
  found.as_of_seq = Math.max(found.as_of_seq, area.as_of_seq);
  state.last_seq = Math.max(state.last_seq, seq);
  state.applied += changed;
  return changed;
}

/** Name the place of a figure: two with one name never stand together. */
function keyOf(figure) {
  const parts = ["institution", "measure", "period", "unit", "grid"].map((name) => figure[name]);
  const breakdown = Object.entries(figure.breakdown ?? {}).map(([name, value]) => `${name}=${value}`);
  return [...parts, ...breakdown.sort()].join("/");
}

/** Replace the file at once, and only when its bytes are on disk. */
function save(path, state) {
  const file = openSync(`${path}.new`, "w");
  writeFileSync(file, JSON.stringify(state));
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
}

async function main(command, folder, file, idle) {
  const me = JSON.parse(readFileSync(join(folder, "partner.json"), "utf8"));
  const refused = ({ message }) =>
    stop(AWAY, `Le serveur refuse cette clé ou ce sujet : ${message}.`);
  const seed = readFileSync(me.nkey_seed_file, "utf8").trim();
  const client = await connect({
    servers: me.nats_url,
    authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)),
    inboxPrefix: me.inbox_prefix,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
  }).catch(refused);
  client.closed().then((error) => error && refused(error));
  (async () => {
    for await (const status of client.status()) {
      const text = status.type === "error" ? status.error.message : "";
      if (/permissions violation|authorization/i.test(text)) refused(status.error);
    }
  })();
  const code = await (command === "publish" ? publish : follow)(client, me, file, idle);
  await client.flush(); // the last acknowledgements
  await client.close();
  return code;
}

try {
  const options = { idle: { type: "string", default: "Infinity" } };
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  if (positionals.length !== 3 || !["publish", "follow"].includes(positionals[0])) {
    throw new Error("publish|follow DOSSIER FICHIER [--idle SECONDES]");
  }
  process.exitCode = await main(...positionals, Number(values.idle));
} catch (error) {
  stop(USAGE, `Usage incorrect, fichier illisible ou mal formé : ${error.message}`);
}
