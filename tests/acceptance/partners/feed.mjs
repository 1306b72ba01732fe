// Follow a feed as server-sent events with nothing but what Node has, and go on after a stop.
//
//     node feed.mjs URL TOKEN_FILE LOG_FILE
//
// LOG_FILE gets one line per event: its number, a space, its id. Started again, the program goes on
// after the last number it wrote. It ends when the exchange says that the feed is over.

import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const [url, tokenFile, log] = process.argv.slice(2);
const lines = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
let last = lines.filter(Boolean).length ? lines.at(-1).split(" ")[0] : "0";

/** Fields of one event: lines of `name: value`, `data` possibly on several. */
function parsed(block) {
  const event = { event: "message", data: "" };
  for (const line of block.split("\n")) {
    const [, name, value] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (name === "data") event.data += value;
    else if (name) event[name] = value;
  }
  return event;
}

/** Follows until the connection breaks; tells whether the feed is over. */
async function follow() {
  const token = readFileSync(tokenFile, "utf8").trim();
  const headers = { Authorization: `Bearer ${token}`, "Last-Event-ID": last };
  const answer = await fetch(url, { headers });
  if (!answer.ok) return answer.status === 403;
  let text = "";
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk.replaceAll("\r", "")).split("\n\n");
    text = blocks.pop();
    for (const event of blocks.map(parsed)) {
      if (event.event === "end") return true;
      if (!event.id) continue; // a heartbeat or a comment
      appendFileSync(log, `${event.id} ${JSON.parse(event.data).id}\n`);
      last = event.id;
    }
  }
  return false;
}

while (!(await follow().catch(() => false))) await sleep(200);
console.log("fin");
