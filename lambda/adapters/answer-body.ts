/**
 * Most bytes of one answer, as it arrives and in every layer that is unpacked. XT's takes two kilobytes, a gateway's
 * error page tens of them. Without a limit a broken gateway could fill the memory; a tight one could cut off a pair.
 */
export const MAX_ANSWER_BYTES = 256 * 1024;

/** More layers than two gateways would add. It bounds the time that bytes without any meaning cost. */
const MAX_LAYERS = 3;

/**
 * Sixteen printable characters in UTF-8, as bytes. Packed bytes do not begin like this, and what no pair fits into need not be unpacked.
 *
 * @see RFC 3629 §4
 */
const TEXT =
  /^(?:\xEF\xBB\xBF)?(?:[\t\n\r -~]|[\xC2-\xDF][\x80-\xBF]|[\xE0-\xEF][\x80-\xBF]{2}|[\xF0-\xF4][\x80-\xBF]{3}){16}/;

type Unpack = (bytes: Buffer) => Buffer;

/**
 * The answer's text. We never ask for compression. Where a gateway compresses, this unpacks layer by layer until text
 * appears, and as much as arrived. Bytes in which no text is found are returned as they are.
 *
 * `content-encoding` is not read: a gateway that packs unasked may name a wrong encoding, or none. The bytes decide.
 */
export async function readAnswerBody(bytes: Buffer): Promise<string> {
  const text = isText(bytes) ? bytes : findText(bytes, await loadUnpackers(), MAX_LAYERS);
  return (text ?? bytes).toString();
}

function isText(bytes: Buffer): boolean {
  return TEXT.test(bytes.toString("latin1", 0, 3 + 16 * 4));
}

function findText(bytes: Buffer, unpackers: readonly Unpack[], layersLeft: number): Buffer | undefined {
  if (isText(bytes)) return bytes;
  if (layersLeft === 0) return undefined;
  for (const unpack of unpackers) {
    const text = findText(unpackBeginning(unpack, bytes), unpackers, layersLeft - 1);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Unpacks the longest beginning of `bytes` that is intact and keeps to the limit: mostly all of it. */
function unpackBeginning(unpack: Unpack, bytes: Buffer): Buffer {
  let unpacked: Buffer = Buffer.alloc(0);
  let intact = 0;
  let broken = bytes.length + 1;
  for (let length = bytes.length; length > intact; length = Math.floor((intact + broken) / 2)) {
    try {
      unpacked = unpack(bytes.subarray(0, length));
      intact = length;
    } catch {
      broken = length;
    }
  }
  return unpacked;
}

/** Each accepts bytes that end too early. The last two know their format by no mark, so they come last. */
async function loadUnpackers(): Promise<readonly Unpack[]> {
  const zlib = await import("node:zlib");
  const { constants } = zlib;
  const maxOutputLength = MAX_ANSWER_BYTES;
  const zipped = { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH };
  return [
    (bytes) => zlib.unzipSync(bytes, zipped),
    // Node 20 has no Zstandard: the call throws there, like on bytes of another format.
    (bytes) => zlib.zstdDecompressSync(bytes, { maxOutputLength, finishFlush: constants.ZSTD_e_flush }),
    (bytes) => zlib.brotliDecompressSync(bytes, { maxOutputLength, finishFlush: constants.BROTLI_OPERATION_FLUSH }),
    (bytes) => zlib.inflateRawSync(bytes, zipped),
  ];
}
