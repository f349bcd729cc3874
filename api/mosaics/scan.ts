/** Brings the registry up to date with the data roots before somebody asks what data there is. */
import { Injectable } from '@nestjs/common';
import { MeridianError } from '../../domain/errors.ts';
import type { ScanInput, ScanResult } from '../../workflows/contracts/scan.ts';
import { scanStart } from '../../workflows/contracts/start.ts';
import { uuid7 } from '../../registry/index.ts';
import { TemporalService } from '../temporal/temporal.service.ts';

/** A first look at a full disk takes longer; the look goes on, and the next request finds more. */
const LONGEST_MS = 110_000;

@Injectable()
export class ScanService {
  private readonly temporal: TemporalService;

  constructor(temporal: TemporalService) {
    this.temporal = temporal;
  }

  /**
   * Looks for new files below a root, or below all of them.
   *
   * @throws MeridianError SERVICE_UNAVAILABLE when Temporal is away or the look takes too long.
   */
  async lookAt(rootId: string | null, requestedBy: string): Promise<ScanResult> {
    const input: ScanInput = { requestId: uuid7(), rootId, requestedBy, policies: this.temporal.stagePolicies };
    try {
      return await this.temporal.runShort<ScanInput, ScanResult>(
        scanStart(input, this.temporal.queuePrefix),
        LONGEST_MS,
      );
    } catch (error) {
      if (!isDeadline(error)) throw error;
      const message = 'the folder is still being read, or no worker is there to read it; ask again';
      throw new MeridianError('SERVICE_UNAVAILABLE', message, { service: 'worker' }, { cause: error });
    }
  }
}

const DEADLINE_EXCEEDED = 4;
const isDeadline = (error: unknown): boolean => (error as { code?: unknown }).code === DEADLINE_EXCEEDED;
