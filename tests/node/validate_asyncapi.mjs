// Print what the reference parser of AsyncAPI finds wrong with a document; exit 1 when it is invalid.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
const faults = diagnostics.filter((one) => one.severity <= 1);
for (const { severity, message, path } of diagnostics) {
  console.error(`${severity} ${path.join(".")}: ${message}`);
}
if (!document || faults.length > 0) process.exit(1);
const channels = document.allChannels().all().map((channel) => channel.address());
console.log(JSON.stringify({ version: document.version(), channels }));
