/** The part of `workflows/` that the gateway and the CLI may import. */
export * from './control.ts';
export * from './ids.ts';
export * from './job.ts';
export * from './mosaic.ts';
export * from './ms.ts';
export * from './policies.ts';
export * from './queues.ts';
export * from './recipes.ts';
export * from './search-attributes.ts';
export * from './scan.ts';
export * from './start.ts';
export * from './tile.ts';
export * from './units.ts';
