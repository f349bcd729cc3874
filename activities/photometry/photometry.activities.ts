/** Photometry: asked for, measured, recorded. */
import type { ActivityDependencies } from '../dependencies.ts';
import type { PhotometryActivities } from '../interfaces.ts';
import { measurePhotometry } from './measure.ts';
import { recordPhotometry } from './record.ts';
import { requestPhotometry } from './request.ts';

export const createPhotometryActivities = (dependencies: ActivityDependencies): PhotometryActivities => ({
  requestPhotometry: (input) => requestPhotometry(dependencies, input),
  measurePhotometry: (input) => measurePhotometry(dependencies, input),
  recordPhotometry: (input) => recordPhotometry(dependencies, input),
});
