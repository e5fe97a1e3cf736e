import { createServer } from "node:http";
import * as zlib from "node:zlib";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { exchange, listen, reveal } from "./fixtures/wire-server.ts";

const BODY = '{"rc":0,"mc":"SUCCESS","ma":[],"result":{"refresh_token":"refresh-2"}}';

/** One exchange with a server that gives this answer, and closes the connection behind what it wrote. */
async function answerOf(bytes: Buffer | string, encoding: string | readonly string[] = [], announcedBytes?: number) {
  const server = await listen(
    createServer((_, response) => {
      if (encoding.length > 0) response.setHeader("content-encoding", encoding);
      if (announcedBytes !== undefined) response.setHeader("content-length", announcedBytes);
      response.write(bytes, () => (announcedBytes === undefined ? response.end() : response.destroy()));
    }),
  );
  return reveal(await exchange(`http://127.0.0.1:${server.port}`));
}

it.each([
  ["gzip", "gzip", gzipSync(BODY)],
  ["gzip by its old name", "x-gzip", gzipSync(BODY)],
  ["deflate", "deflate", deflateSync(BODY)],
  ["deflate without its header", "deflate", deflateRawSync(BODY)],
  ["brotli", "br", brotliCompressSync(BODY)],
  ["gzip in odd spelling", " GZip ,", gzipSync(BODY)],
  ["gzip twice", "gzip, gzip", gzipSync(gzipSync(BODY))],
  ["gzip twice, in two headers", ["gzip", "gzip"], gzipSync(gzipSync(BODY))],
  ["gzip in brotli", "gzip, br", brotliCompressSync(gzipSync(BODY))],
  ["brotli in deflate without its header", "br, deflate", deflateRawSync(brotliCompressSync(BODY))],
  ["gzip three times, with two of them named", "gzip,identity,gzip", gzipSync(gzipSync(gzipSync(BODY)))],
  ["gzip without a header", [], gzipSync(BODY)],
  ["deflate without a header", [], deflateSync(BODY)],
  ["brotli without a header", [], brotliCompressSync(BODY)],
  ["gzip that is called identity", "identity", gzipSync(BODY)],
  ["gzip that is called brotli", "br", gzipSync(BODY)],
  ["brotli that is called gzip", "gzip", brotliCompressSync(BODY)],
  ["gzip of an unknown name", "unheard-of", gzipSync(BODY)],
  ["gzip before stray bytes", "gzip", Buffer.concat([gzipSync(BODY), Buffer.from("\r\n0\r\n")])],
])("unpacks %s", async (_, encoding, bytes) => {
  const answer = await answerOf(bytes, encoding);

  expect(answer).toEqual({ kind: "answered", status: 200, body: BODY, complete: true });
});

it("unpacks an answer that begins with other letters than ASCII's", async () => {
  const body = '{"mc":"成功","rc":0,"result":{"refresh_token":"refresh-2"}}';

  const answer = await answerOf(brotliCompressSync(gzipSync(body)), "br");

  expect(answer).toEqual({ kind: "answered", status: 200, body, complete: true });
});

it.skipIf(zlib.zstdCompressSync === undefined).each(["zstd", []])(
  "unpacks Zstandard under the name %j",
  async (name) => {
    const answer = await answerOf(zlib.zstdCompressSync(BODY), name);

    expect(answer).toEqual({ kind: "answered", status: 200, body: BODY, complete: true });
  },
);

it.each(["gzip", "deflate", "br", "zstd", "gzip, br", "unheard-of"])(
  "takes text that is called %s as it is",
  async (name) => {
    const answer = await answerOf(BODY, name);

    expect(answer).toEqual({ kind: "answered", status: 200, body: BODY, complete: true });
  },
);

it.each([
  ["no", "br"],
  ["{}", "gzip"],
  ["\uFEFF{}                ", "deflate"],
])("takes the short text %j as it is", async (text, name) => {
  const answer = await answerOf(text, name);

  expect(answer).toEqual({ kind: "answered", status: 200, body: text, complete: true });
});

it("takes text in an old character set as it is", async () => {
  const answer = await answerOf(
    Buffer.from('{"result":{"scope":"lecture é","refresh_token":"refresh-2"}}', "latin1"),
    "br",
  );

  expect(answer).toHaveProperty("body", '{"result":{"scope":"lecture \uFFFD","refresh_token":"refresh-2"}}');
});

it.each([
  ["gzip", "gzip", gzipSync(BODY)],
  ["deflate", "deflate", deflateSync(BODY)],
  ["brotli", "br", brotliCompressSync(BODY)],
  ["gzip without a header", [], gzipSync(BODY)],
  ["gzip in brotli", "gzip, br", brotliCompressSync(gzipSync(BODY))],
])("unpacks as much of a truncated %s body as arrived", async (_, encoding, bytes) => {
  const answer = await answerOf(bytes.subarray(0, bytes.length - 4), encoding, bytes.length);

  expect(answer).toMatchObject({ kind: "answered", status: 200, complete: false });
  expect(answer).toHaveProperty("body", expect.stringMatching(/^\{"rc":0,"mc":"SUCCESS"/));
});

it("unpacks a gzip body whose checksum is wrong", async () => {
  const bytes = gzipSync(BODY);
  bytes.fill(0xff, bytes.length - 8, bytes.length - 4);

  const answer = await answerOf(bytes, "gzip");

  expect(answer).toHaveProperty("body", BODY);
});

it.each([
  ["gzip", gzipSync(BODY + " ".repeat(5_000_000))],
  ["gzip, gzip", gzipSync(gzipSync(BODY + " ".repeat(5_000_000)))],
  ["br", brotliCompressSync(BODY + " ".repeat(5_000_000))],
])("unpacks the beginning of a %s body that grows past the size limit", async (encoding, bytes) => {
  const answer = await answerOf(bytes, encoding);

  expect(answer).toHaveProperty("body", expect.stringMatching(/^\{"rc":0,.*"refresh-2"\}\} {0,262144}$/));
});

it("unpacks no more than three layers", async () => {
  const bytes = gzipSync(gzipSync(gzipSync(gzipSync(BODY))));

  const answer = await answerOf(bytes, "gzip, gzip, gzip, gzip");

  expect(answer).toHaveProperty("body", bytes.toString());
});

it("takes bytes in which there is no text as they are", async () => {
  const bytes = Buffer.alloc(1_000, 0xff);

  const answer = await answerOf(bytes, "gzip");

  expect(answer).toHaveProperty("body", "\uFFFD".repeat(1_000));
});
