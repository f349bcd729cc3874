import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { appendPoint } from '../../domain/variability/running-sums.ts';
import { statisticsOf } from '../../domain/variability/statistics.ts';
import { Registry, uuid7 } from '../../registry/index.ts';
import type { EseCandidate, SourceStatistics } from '../../registry/index.ts';
import { PRIORITY } from '../../workflows/contracts/queues.ts';
import { eseStart } from '../../workflows/contracts/start.ts';
import type { Candidate, detectEvents, judgeCandidate, listCandidates, Variability } from '../contracts/ese.ts';
import type { OperationInput, OperationResult } from '../contracts/operation.ts';
import { TemporalService } from '../temporal/temporal.service.ts';

type CandidateView = z.input<typeof Candidate>;

const DEFAULT_ACTOR = 'operator';

/** Variability and candidates. */
@Injectable()
export class EseService {
  private readonly registry: Registry;
  private readonly temporal: TemporalService;

  constructor(registry: Registry, temporal: TemporalService) {
    this.registry = registry;
    this.temporal = temporal;
  }

  async candidates(query: OperationInput<typeof listCandidates>['query']): Promise<{ items: CandidateView[] }> {
    const { limit, min_sigma: minSigma, source_id: sourceId, status } = query;
    const rows = await this.registry.eseCandidates.list({
      limit,
      ...(minSigma === undefined ? {} : { minSigma }),
      ...(sourceId === undefined ? {} : { sourceId }),
      ...(status === undefined ? {} : { status }),
    });
    return { items: rows.map(candidateView) };
  }

  async judge(id: string, body: OperationInput<typeof judgeCandidate>['body']): Promise<CandidateView> {
    const { status, requested_by: requestedBy, reason } = body;
    await this.registry.transaction(async ({ eseCandidates, audit, events }) => {
      const candidate = await eseCandidates.require(id);
      await eseCandidates.judge(id, { status, requestedBy, reason });
      const message = `candidate of ${candidate.sourceName} ${status} by ${requestedBy}: ${reason}`;
      await events.append({ kind: 'ese.judged', message, payload: { candidate_id: id, status } });
      await audit.record({
        actor: requestedBy,
        action: 'ese.judge',
        subjectKind: 'ese_candidate',
        subjectId: id,
        reason,
      });
    });
    return candidateView(await this.registry.eseCandidates.require(id));
  }

  /** @throws MeridianError NOT_FOUND when there is no such source */
  async variability(sourceId: number): Promise<{ items: z.input<typeof Variability>[] }> {
    const source = await this.registry.sources.require(sourceId);
    const rows = await this.registry.variability.ofSource(sourceId);
    return { items: rows.map((row) => variabilityView(row, source.name)) };
  }

  async detect(body: OperationInput<typeof detectEvents>['body']): Promise<OperationResult<typeof detectEvents>> {
    const { source_id: sourceId = null, min_sigma: minSigma = null, preset, replay } = body;
    const requestedBy = body.requested_by ?? DEFAULT_ACTOR;
    if (sourceId !== null) await this.registry.sources.require(sourceId);
    const jobId = uuid7();
    const policies = this.temporal.stagePolicies;
    const input = { jobId, sourceId, minSigma, preset, replay, priority: PRIORITY.job, policies };
    const start = eseStart(input, this.temporal.queuePrefix);
    const { workflowId } = start.options;
    await this.registry.transaction(async ({ jobs, events, audit }) => {
      const parameters = { source_id: sourceId, min_sigma: minSigma, preset, replay };
      await jobs.request({
        id: jobId,
        type: 'ese-detect',
        workflowId,
        parameters,
        requestedBy,
        priority: PRIORITY.job,
      });
      const message = `search for scattering events asked for by ${requestedBy}`;
      await events.append({ kind: 'job.requested', jobId, workflowId, message });
      await audit.record({ actor: requestedBy, action: 'ese.detect', subjectKind: 'job', subjectId: jobId });
    });
    await this.temporal.start(start);
    return { job_id: jobId, workflow_id: workflowId, status: 'pending' };
  }
}

const candidateView = (row: EseCandidate): CandidateView => ({
  id: row.id,
  source_id: row.sourceId,
  name: row.sourceName,
  strip_id: row.stripId,
  kind: row.kind,
  status: row.status,
  significance: row.significance,
  start_mjd: row.startMjd,
  end_mjd: row.endMjd,
  duration_days: row.durationDays,
  depth: row.depth,
  depth_err: row.depthErr,
  n_inside: row.nInside,
  n_outside: row.nOutside,
  shape: row.shape,
  baseline_jy: row.baselineJy,
  min_sigma: row.minSigma,
  reason: row.reason,
  neighbours: {
    verdict: row.neighboursVerdict,
    n: row.nNeighbours,
    median_depth: row.neighboursDepth,
    median_depth_err: row.neighboursDepthErr,
  },
  expected_false_alarms: row.expectedFalseAlarms,
  expectation_basis: row.expectationBasis,
  judged_by: row.judgedBy,
  judged_reason: row.judgedReason,
  alerted_at: row.alertedAt,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
});

/** The newest night stands beside the sums until the next one begins. */
function variabilityView(row: SourceStatistics, name: string): z.input<typeof Variability> {
  const { newestFluxJy: fluxJy, newestFluxErrJy: fluxErrJy } = row;
  const found = statisticsOf(fluxJy === null ? row : appendPoint(row, { fluxJy, fluxErrJy }));
  return {
    source_id: row.sourceId,
    name,
    strip_id: row.stripId,
    n: found.n,
    mean_flux_jy: found.meanFluxJy,
    weighted_mean_flux_jy: found.weightedMeanFluxJy,
    std_flux_jy: found.stdFluxJy,
    chi2: found.chi2,
    eta: found.eta,
    v: found.v,
    vs_max: row.vsMax,
    m_at_vs_max: row.mAtVsMax,
    sigma_deviation: found.sigmaDeviation,
    p_values: { eta: found.pEta, v: found.pV },
  };
}
