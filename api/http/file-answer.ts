/** Files as answers: strong ETag from the registered hash, one byte range, conditional requests (RFC 9110, 13 and 14). */
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MeridianError } from '../../domain/errors.ts';

export interface RegisteredFile {
  readonly path: string;
  readonly sha256: string;
  readonly contentType: string;
}

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The range a header asks for: a range, `whole` if it says nothing that can be served as one range, or
 * `unsatisfiable`.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [first, last] = [match?.[1] ?? '', match?.[2] ?? ''];
  if (first === '') return lastBytes(last, size);
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start >= size) return 'unsatisfiable';
  return start > end ? 'whole' : { start, end };
}

/** `bytes=-10`: the last ten. */
function lastBytes(count: string, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  if (count === '') return 'whole';
  return Number(count) === 0 || size === 0
    ? 'unsatisfiable'
    : { start: Math.max(size - Number(count), 0), end: size - 1 };
}

const holds = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  header.split(',').some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === etag);

function sizeOf(file: RegisteredFile): number {
  try {
    return statSync(file.path).size;
  } catch (cause) {
    const message = `the file ${file.path} is registered and not there`;
    throw new MeridianError('FILE_MISSING', message, { file: file.path }, { cause });
  }
}

/** Answers with a file, or the part of it that was asked for. */
export function answerFile(
  file: RegisteredFile,
  request: FastifyRequest,
  reply: FastifyReply,
): StreamableFile | undefined {
  const size = sizeOf(file);
  const etag = `"${file.sha256}"`;
  void reply.headers({ etag, 'accept-ranges': 'bytes', 'cache-control': 'private, no-cache' });
  if (holds(request.headers['if-none-match'], etag)) {
    void reply.status(304);
    return undefined;
  }
  const ifRange = request.headers['if-range'];
  const fresh = typeof ifRange !== 'string' || ifRange === etag;
  const range = fresh ? parseRange(request.headers.range, size) : 'whole';
  if (range === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${size}`);
    throw new RangeNotSatisfiable(`the file has ${size} bytes; Range: ${String(request.headers.range)} lies outside`);
  }
  const { start, end } = range === 'whole' ? { start: 0, end: size - 1 } : range;
  if (range !== 'whole') void reply.status(206).header('content-range', `bytes ${start}-${end}/${size}`);
  return new StreamableFile(createReadStream(file.path, { start, end }), {
    type: file.contentType,
    length: end - start + 1,
    disposition: `attachment; filename="${basename(file.path).replace(/[^\w.+-]/g, '_')}"`,
  });
}

/** Answered as 416. */
export class RangeNotSatisfiable extends MeridianError {
  readonly statusCode = 416;

  constructor(message: string) {
    super('REQUEST_INVALID', message, { field: 'Range' });
  }
}
