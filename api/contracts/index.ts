/** Every operation of the gateway. What is not in this list does not exist. */
import * as calibrators from './calibrators.ts';
import * as caltables from './caltables.ts';
import * as catalogs from './catalogs.ts';
import * as dataRoots from './data-roots.ts';
import * as ese from './ese.ts';
import * as health from './health.ts';
import * as jobs from './jobs.ts';
import * as plans from './mosaic-plans.ts';
import * as mosaics from './mosaics.ts';
import * as photometry from './photometry.ts';
import * as schedule from './schedule.ts';
import * as streaming from './streaming.ts';
import { Problem, Check } from './common.ts';
import type { Operation } from './operation.ts';
import type { z } from 'zod';

export const OPERATIONS = [
  mosaics.createMosaic,
  mosaics.queryMosaics,
  mosaics.getMosaic,
  mosaics.getMosaicFits,
  mosaics.pauseMosaic,
  mosaics.resumeMosaic,
  mosaics.cancelMosaic,
  mosaics.getMosaicQa,
  mosaics.validateMosaic,
  plans.createMosaicPlan,
  plans.listMosaicPlans,
  plans.getMosaicPlan,
  plans.buildMosaicPlan,
  jobs.listJobs,
  jobs.getJob,
  jobs.streamJobLog,
  calibrators.listCalibrators,
  calibrators.listTransits,
  caltables.listCaltables,
  caltables.listActiveCaltables,
  catalogs.listCatalogs,
  catalogs.searchCatalog,
  dataRoots.registerDataRoot,
  dataRoots.listDataRoots,
  streaming.startStream,
  streaming.listStreams,
  streaming.pauseStream,
  streaming.resumeStream,
  streaming.stopStream,
  streaming.configureStream,
  streaming.listStreamGroups,
  streaming.retryGroup,
  schedule.getSchedule,
  schedule.addToSchedule,
  schedule.removeFromSchedule,
  schedule.pauseSchedule,
  schedule.resumeSchedule,
  schedule.triggerSchedule,
  schedule.backfillSchedule,
  schedule.explainSchedule,
  photometry.measureProduct,
  photometry.listPhotometryRuns,
  photometry.getLightCurve,
  photometry.exportLightCurves,
  photometry.getLedger,
  ese.getVariability,
  ese.listCandidates,
  ese.getCandidateLightCurve,
  ese.judgeCandidate,
  ese.detectEvents,
  health.getHealth,
  health.getLive,
  health.getReady,
] as unknown as readonly Operation[];

/** Schemas that have a name of their own in the document, answers as they leave the gateway. */
export const ANSWER_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  Problem,
  Check,
  Mosaic: mosaics.Mosaic,
  MosaicSummary: mosaics.MosaicSummary,
  MosaicTile: mosaics.MosaicTile,
  MosaicCaltable: mosaics.MosaicCaltable,
  CreateMosaicResult: mosaics.CreateMosaicResult,
  ControlResult: mosaics.ControlResult,
  MosaicQa: mosaics.MosaicQa,
  MosaicPlan: plans.MosaicPlan,
  BuildResult: plans.BuildResult,
  Job: jobs.Job,
  JobSummary: jobs.JobSummary,
  JobPhase: jobs.JobPhase,
  JobEvent: jobs.JobEvent,
  JobProgress: jobs.JobProgress,
  Calibrator: calibrators.Calibrator,
  FieldCalibrator: calibrators.FieldCalibrator,
  Catalog: catalogs.Catalog,
  CatalogSource: catalogs.CatalogSource,
  Transit: calibrators.Transit,
  Caltable: caltables.Caltable,
  DataRoot: dataRoots.DataRoot,
  Stream: streaming.Stream,
  StreamGroup: streaming.StreamGroup,
  Schedule: schedule.Schedule,
  ScheduledCalibrator: schedule.ScheduledCalibrator,
  PlannedTransit: schedule.PlannedTransit,
  PlanSummary: schedule.PlanSummary,
  PhotometryRun: photometry.PhotometryRun,
  LightCurve: photometry.LightCurve,
  LightCurvePoint: photometry.LightCurvePoint,
  Ledger: photometry.Ledger,
  LedgerLine: photometry.LedgerLine,
  Variability: ese.Variability,
  Candidate: ese.Candidate,
  Health: health.Health,
};

/** Request bodies that have a name of their own. */
export const REQUEST_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  CreateMosaic: mosaics.CreateMosaic,
  QueryMosaics: mosaics.queryMosaics.body as z.ZodType,
  Control: mosaics.Control,
  ValidateMosaic: mosaics.validateMosaic.body as z.ZodType,
  CreateMosaicPlan: plans.CreateMosaicPlan,
  BuildMosaicPlan: plans.BuildMosaicPlan,
  StartStream: streaming.StartStream,
  AddToSchedule: schedule.AddToSchedule,
  PhotometryConfig: photometry.PhotometryConfig,
  RegisterDataRoot: dataRoots.RegisterDataRoot,
};
