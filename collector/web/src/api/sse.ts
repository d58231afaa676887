//! Server-sent events out of a stream's text. Pure.

export interface Told {
  event: string;
  data: string;
  id: string | undefined;
}

/** Longest event that is kept, characters; what is longer is dropped. */
const LONGEST = 1 << 20;

/** Takes text as it comes, gives events as they are complete. */
export class Reader {
  private rest = "";

  take(text: string): Told[] {
    this.rest += text.replace(/\r\n?/g, "\n");
    const blocks = this.rest.split("\n\n");
    this.rest = blocks.pop() ?? "";
    if (this.rest.length > LONGEST) this.rest = "";
    return blocks.map(read).filter((told) => told !== undefined);
  }
}

function read(block: string): Told | undefined {
  let event = "message";
  let id: string | undefined;
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [name, value] = field(line);
    if (name === "event") event = value;
    else if (name === "id") id = value;
    else if (name === "data") data.push(value);
  }
  return data.length > 0 ? { event, data: data.join("\n"), id } : undefined;
}

function field(line: string): [string, string] {
  const colon = line.indexOf(":");
  if (colon < 0) return [line, ""];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(" ") ? value.slice(1) : value];
}
