/** One step of the schema. Once released its text never changes: a mistake is mended by the next step. */
export interface Migration {
  /** 1, 2, 3, … without gaps. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
