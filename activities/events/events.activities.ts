/** Scattering events. */
import type { ActivityDependencies } from '../dependencies.ts';
import type { EventActivities } from '../interfaces.ts';
import { detectEvents } from './detect.ts';

export const createEventActivities = (dependencies: ActivityDependencies): EventActivities => ({
  detectEvents: (input) => detectEvents(dependencies, input),
});
