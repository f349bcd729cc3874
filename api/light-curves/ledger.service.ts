import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { mjdFromIso } from '../../domain/time.ts';
import { Registry } from '../../registry/index.ts';
import type { LedgerEntry } from '../../registry/index.ts';
import type { getLedger, Ledger, LedgerLine } from '../contracts/photometry.ts';
import type { OperationInput } from '../contracts/operation.ts';

type LedgerQuery = OperationInput<typeof getLedger>['query'];

/** What was expected, what was measured, and why the rest was not. */
@Injectable()
export class LedgerService {
  private readonly registry: Registry;

  constructor(registry: Registry) {
    this.registry = registry;
  }

  async get({ series, by, from_utc: from, to_utc: to, limit }: LedgerQuery): Promise<z.input<typeof Ledger>> {
    const range = {
      series,
      ...(from === undefined ? {} : { fromMjd: mjdFromIso(from) }),
      ...(to === undefined ? {} : { toMjd: mjdFromIso(to) }),
    };
    const totals = await this.registry.ledger.totals(range);
    const entries = await this.registry.ledger.entries({ ...range, by, limit });
    return {
      series,
      by,
      expected: totals.reduce((sum, { count }) => sum + count, 0),
      by_status: Object.fromEntries(totals.map(({ status, count }) => [status, count])),
      unexplained: await this.registry.ledger.unexplained(range),
      lines: linesOf(entries),
    };
  }
}

function linesOf(entries: readonly LedgerEntry[]): z.input<typeof LedgerLine>[] {
  const byKey = new Map<string, LedgerEntry[]>();
  for (const entry of entries) byKey.set(entry.key, [...(byKey.get(entry.key) ?? []), entry]);
  return [...byKey].map(([key, list]) => {
    const byStatus: Record<string, number> = {};
    for (const { status, count } of list) byStatus[status] = (byStatus[status] ?? 0) + count;
    return {
      key,
      expected: list.reduce((sum, { count }) => sum + count, 0),
      measured: byStatus['measured'] ?? 0,
      by_status: byStatus,
      reasons: list
        .filter(({ status }) => status !== 'measured')
        .map(({ status, reason, jobId, count }) => ({ status, reason: reason ?? '', job_id: jobId, count })),
    };
  });
}
