//! A file out of an archive (PKWARE APPNOTE 4.3: the directory at its end says where each file is).

import { inflateRawSync } from "node:zlib";

const [END, ENTRY] = [0x06_05_4b_50, 0x02_01_4b_50];
const [END_BYTES, ENTRY_BYTES, HEAD_BYTES] = [22, 46, 30];
const DEFLATED = 8;

export function unzipped(archive: Buffer, name: string): string {
  let end = archive.length - END_BYTES;
  while (end > 0 && archive.readUInt32LE(end) !== END) end -= 1;
  for (let at = archive.readUInt32LE(end + 16); archive.readUInt32LE(at) === ENTRY; ) {
    const [nameBytes, extraBytes, noteBytes] = [28, 30, 32].map((from) => archive.readUInt16LE(at + from)) as [number, number, number];
    if (archive.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes).toString() === name) {
      const head = archive.readUInt32LE(at + 42);
      const from = head + HEAD_BYTES + archive.readUInt16LE(head + 26) + archive.readUInt16LE(head + 28);
      const packed = archive.subarray(from, from + archive.readUInt32LE(at + 20));
      return (archive.readUInt16LE(at + 10) === DEFLATED ? inflateRawSync(packed) : packed).toString();
    }
    at += ENTRY_BYTES + nameBytes + extraBytes + noteBytes;
  }
  throw new Error(`${name} is not in the archive`);
}
