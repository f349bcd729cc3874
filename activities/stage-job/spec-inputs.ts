/** The files that a spec names, field by field. */
import type { StageName } from '../../domain/generated/stages.ts';

/** Where in a spec paths stand: `a` a path, `a[]` a list of them, `a[].b` a field of each element. */
const PATH_FIELDS: Readonly<Record<StageName, readonly string[]>> = {
  simulate: [],
  inspect: ['paths[]'],
  convert: ['files[]'],
  flag: ['ms'],
  solve: ['ms', 'existing_tables[]'],
  apply: ['ms', 'tables[].path'],
  image: ['ms'],
  mosaic: ['tiles[].image_pb', 'tiles[].image', 'tiles[].pb'],
  photometry: ['fits', 'flat_noise_fits', 'pb_fits', 'weight_fits', 'positions_file'],
  qa: ['fits', 'flat_noise_fits', 'pb_fits', 'residual_fits', 'weight_fits', 'truth'],
  catalog: ['file'],
};

type Spec = Readonly<Record<string, unknown>>;

/** Paths of the inputs of a stage, in a fixed order; fields that are left out or null are passed over. */
export const inputPaths = (stage: StageName, spec: Spec): string[] =>
  PATH_FIELDS[stage].flatMap((field) => pathsAt(spec, field));

function pathsAt(spec: Spec, field: string): string[] {
  const [head = '', rest] = field.split('[]');
  const value = spec[head];
  if (rest === undefined) return typeof value === 'string' ? [value] : [];
  if (!Array.isArray(value)) return [];
  const inner = rest.slice(1);
  const elements = value as readonly unknown[];
  const found = inner === '' ? elements : elements.map((element) => (element as Spec | null)?.[inner]);
  return found.filter((path): path is string => typeof path === 'string');
}
