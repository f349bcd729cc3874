/** Looking for scattering events after photometry, or again in everything: candidates kept, alerts raised once. */
import { isSameEvent, mayAlert, reasonOf } from '../../domain/events/candidates.ts';
import { checkNeighbours, neighboursOf, type NeighbourCheck } from '../../domain/events/neighbours.ts';
import type { CandidateFacts, EseCandidate, Registry, Repositories } from '../../registry/index.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { DetectEvents, EventChange, EventsFound } from '../interfaces.ts';
import { asNights, bySource, searchStrip, type SourceCandidate, type StripFindings } from './strip-search.ts';

/** A candidate that has become so much stronger is told of again. */
const UPGRADE_SIGMA = 2;
const MOST_CHANGES = 100;

export async function detectEvents(
  { registry }: Pick<ActivityDependencies, 'registry'>,
  request: DetectEvents,
): Promise<EventsFound> {
  const isReplay = request.replay === true;
  const total = { nSearched: 0, nInsufficient: 0, nCandidates: 0, nNew: 0, expectedFalseAlarms: 0 };
  const changes: EventChange[] = [];
  for (const scope of await scopesOf(registry, request)) {
    const findings = await searchStrip(registry, { ...scope, minSigma: request.minSigma, preset: request.preset });
    const known = await registry.eseCandidates.ofSources(scope.stripId, scope.sourceIds);
    const there = changesOf(findings, known);
    changes.push(...there);
    total.nSearched += findings.nSearched;
    total.nInsufficient += findings.nInsufficient;
    total.nCandidates += findings.candidates.length;
    total.nNew += there.filter(({ change }) => change === 'appears').length;
    const { expected, expectedNewPerNight } = findings.expectation;
    total.expectedFalseAlarms += scope.mode === 'full' ? expected : expectedNewPerNight;
    if (!isReplay) await keep(registry, findings, { stripId: scope.stripId, jobId: request.jobId });
  }
  const expected = `${total.expectedFalseAlarms.toPrecision(2)} false alarms expected`;
  await registry.events.append({
    kind: isReplay ? 'ese.replayed' : 'ese.searched',
    jobId: request.jobId,
    message: `${total.nCandidates} candidates (${total.nNew} new), ${expected}`,
    payload: { ...total },
  });
  return isReplay ? { ...total, changes: changes.slice(0, MOST_CHANGES) } : total;
}

/** What this search has and the list of candidates has not, and the other way round. */
function changesOf({ candidates, minSigma }: StripFindings, known: readonly EseCandidate[]): EventChange[] {
  const isKnown = (candidate: SourceCandidate): boolean =>
    known.some((other) => other.sourceId === candidate.sourceId && isSameEvent(other, candidate));
  const asChange = (change: EventChange['change'], row: SourceCandidate | EseCandidate): EventChange => {
    const { sourceId, kind, significance, startMjd } = row;
    return { change, sourceId, kind, significance, startMjd };
  };
  return [
    ...candidates.filter((candidate) => !isKnown(candidate)).map((candidate) => asChange('appears', candidate)),
    ...known
      .filter(({ significance }) => significance < minSigma)
      .map((candidate) => asChange('disappears', candidate)),
  ];
}

interface Scope {
  readonly stripId: number;
  readonly sourceIds: readonly number[];
  readonly mode: 'newest' | 'full';
  readonly newestMjd: number;
}

/** After photometry the sources of its run; else one source, or all, in every strip that has nights of them. */
async function scopesOf(registry: Registry, { runId, sourceId }: DetectEvents): Promise<Scope[]> {
  if (runId === null) {
    const strips = await registry.variability.strips(sourceId);
    return strips.map((strip) => ({ ...strip, mode: 'full' as const }));
  }
  const rows = await registry.photometry.ofRun(runId);
  const [first] = rows;
  if (first === undefined || first.series !== 'tile') return [];
  const sourceIds = rows.filter(({ status }) => status === 'measured').map((row) => row.sourceId);
  return [{ stripId: first.stripId, sourceIds, mode: 'newest', newestMjd: first.midMjd }];
}

async function keep(
  registry: Registry,
  findings: StripFindings,
  { stripId, jobId }: { readonly stripId: number; readonly jobId: string },
): Promise<void> {
  const ids = [...new Set(findings.candidates.map(({ sourceId }) => sourceId))];
  const checks = await Promise.all(
    findings.candidates.map((candidate) => neighbourCheck(registry, stripId, candidate)),
  );
  await registry.transaction(async (repositories) => {
    await repositories.variability.keepPairs(stripId, findings.pairs);
    const known = await repositories.eseCandidates.ofSources(stripId, ids);
    for (const [index, candidate] of findings.candidates.entries()) {
      const check = checks[index];
      if (check === undefined) continue;
      const earlier = known.find((other) => other.sourceId === candidate.sourceId && isSameEvent(other, candidate));
      await keepOne(repositories, { candidate, check, earlier, findings, stripId, jobId });
    }
  });
}

interface Keeping {
  readonly candidate: SourceCandidate;
  readonly check: NeighbourCheck;
  readonly earlier: EseCandidate | undefined;
  readonly findings: StripFindings;
  readonly stripId: number;
  readonly jobId: string;
}

async function keepOne(repositories: Repositories, keeping: Keeping): Promise<void> {
  const { eseCandidates } = repositories;
  const { candidate, check, earlier } = keeping;
  const facts = factsOf(keeping);
  const id = earlier?.id ?? (await eseCandidates.add(facts));
  if (earlier !== undefined) await eseCandidates.update(id, facts);
  const level = levelOf(candidate, check, earlier);
  if (level === null) return;
  const source = await repositories.sources.require(candidate.sourceId);
  const message = `${source.name}: ${facts.reason}`;
  const payload = { candidate_id: id, source_id: candidate.sourceId, significance: candidate.significance, level };
  await eseCandidates.alert(id, level, { message, payload });
  await repositories.events.append({ kind: `alert.${level}`, jobId: keeping.jobId, message, payload });
}

/** Once when it is new and its neighbours are quiet, once more when it has become much stronger. */
function levelOf(
  candidate: SourceCandidate,
  check: NeighbourCheck,
  earlier: EseCandidate | undefined,
): 'new' | 'upgraded' | null {
  if (!mayAlert(check) || earlier?.status === 'dismissed') return null;
  if (earlier === undefined || earlier.alertedAt === null) return 'new';
  return candidate.significance >= earlier.significance + UPGRADE_SIGMA ? 'upgraded' : null;
}

const factsOf = ({ candidate, check, findings, stripId }: Keeping): CandidateFacts => ({
  sourceId: candidate.sourceId,
  stripId,
  kind: candidate.kind,
  significance: candidate.significance,
  z: candidate.z,
  startMjd: candidate.startMjd,
  endMjd: candidate.endMjd,
  durationDays: candidate.durationDays,
  depth: candidate.depth,
  depthErr: candidate.depthErr,
  nInside: candidate.nInside,
  nOutside: candidate.nOutside,
  shape: candidate.shape,
  baselineJy: candidate.baselineJy,
  minSigma: findings.minSigma,
  reason: reasonOf(candidate, findings.minSigma),
  neighboursVerdict: check.verdict,
  nNeighbours: check.nNeighbours,
  neighboursDepth: check.medianDepth,
  neighboursDepthErr: check.medianDepthErr,
  expectedFalseAlarms: findings.expectation.expected,
  expectationBasis: findings.expectation.basis,
});

async function neighbourCheck(
  registry: Registry,
  stripId: number,
  { sourceId, kind, startMjd, endMjd }: SourceCandidate,
): Promise<NeighbourCheck> {
  const references = new Set(await registry.photometryRuns.latestReferences(stripId));
  const sources = (await registry.variability.neighbourhood(stripId, sourceId)).map((row) => ({
    sourceId: String(row.sourceId),
    position: { raDeg: row.raDeg, decDeg: row.decDeg },
    beam: row.beam,
    isReference: references.has(row.sourceId),
  }));
  const target = sources.find((source) => source.sourceId === String(sourceId));
  if (target === undefined) return checkNeighbours({ kind, startMjd, endMjd }, []);
  const ids = neighboursOf(target, sources).map((neighbour) => Number(neighbour.sourceId));
  const nights = bySource(await registry.variability.nights({ stripId, sourceIds: ids }));
  return checkNeighbours({ kind, startMjd, endMjd }, [...nights.values()].map(asNights));
}
