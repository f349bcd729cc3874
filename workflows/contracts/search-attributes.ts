/** Search attributes of our workflows; `services/` makes sure that the server knows them. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

export const calibratorKey = defineSearchAttributeKey('Calibrator', SearchAttributeType.KEYWORD);
export const phaseKey = defineSearchAttributeKey('Phase', SearchAttributeType.KEYWORD);
export const groupIdKey = defineSearchAttributeKey('GroupId', SearchAttributeType.KEYWORD);
export const qaStateKey = defineSearchAttributeKey('QaState', SearchAttributeType.KEYWORD);
export const jobTypeKey = defineSearchAttributeKey('JobType', SearchAttributeType.KEYWORD);
export const campaignKey = defineSearchAttributeKey('Campaign', SearchAttributeType.KEYWORD);
export const obsTimeKey = defineSearchAttributeKey('ObsTime', SearchAttributeType.DATETIME);
export const decDegKey = defineSearchAttributeKey('DecDeg', SearchAttributeType.DOUBLE);

/** Every key with its type, for whoever registers them. */
export const SEARCH_ATTRIBUTE_KEYS = [
  calibratorKey,
  phaseKey,
  groupIdKey,
  qaStateKey,
  jobTypeKey,
  campaignKey,
  obsTimeKey,
  decDegKey,
] as const;
