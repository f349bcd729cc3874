/** Reads measurements of sources from a CSV table. Every mistake names file, line and column. */
import { createReadStream } from 'node:fs';
import { CsvError, parse } from 'csv-parse';
import { MeridianError } from '../../domain/errors.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import type { FluxPoint } from '../../domain/variability/running-sums.ts';

const COLUMNS = ['mjd', 'flux_jy', 'flux_err_jy'] as const;
const SOURCE_COLUMN = 'source_id';

type Column = (typeof COLUMNS)[number];

interface Measurement extends FluxPoint {
  readonly fluxErrJy: number;
}

/** Measurements of one source, in order of time. */
export interface SourceFluxes {
  /** Null in a table without `source_id`: all rows are of one source. */
  readonly sourceId: string | null;
  readonly points: readonly Measurement[];
}

interface CsvRow {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/** Where in the table something is wrong. */
interface Place {
  readonly line: number;
  readonly column: string;
}

/**
 * The sources of a table, in the order in which they first appear. Columns `mjd`, `flux_jy` and `flux_err_jy` are needed,
 * `source_id` is optional, others are ignored.
 *
 * @throws MeridianError FILE_MISSING, FILE_UNREADABLE, FILE_EMPTY, HEADER_FIELD_MISSING, DATA_NOT_FINITE, TABLE_INVALID.
 */
export async function readFluxTable(file: string): Promise<SourceFluxes[]> {
  const table = new FluxTable(file);
  const columns = (names: string[]): string[] => table.header(names);
  const parser = parse({ bom: true, columns, info: true, skip_empty_lines: true, trim: true });
  createReadStream(file)
    .on('error', (error) => parser.destroy(error))
    .pipe(parser);
  try {
    for await (const row of parser as AsyncIterable<CsvRow>) table.add(row);
  } catch (thrown) {
    throw thrown instanceof CsvError ? table.unreadable(thrown) : thrown;
  }
  return table.sources();
}

class FluxTable {
  private readonly file: string;
  private readonly bySource = new Map<string | null, Measurement[]>();
  private hasHeader = false;

  constructor(file: string) {
    this.file = file;
  }

  /** Checks the first line and gives the names of its columns. */
  header(names: readonly string[]): string[] {
    this.hasHeader = true;
    const cleaned = names.map((name) => name.trim());
    const missing = COLUMNS.filter((column) => !cleaned.includes(column));
    if (missing.length > 0) {
      const text = `the first line has no column ${missing.join(', ')}`;
      throw this.mistake('HEADER_FIELD_MISSING', text, { line: 1, column: missing[0] ?? '' });
    }
    const doubled = cleaned.find((name, index) => name !== '' && cleaned.indexOf(name) !== index);
    if (doubled === undefined) return cleaned;
    throw this.mistake('TABLE_INVALID', `column ${doubled} appears twice`, { line: 1, column: doubled });
  }

  add({ record, info }: CsvRow): void {
    const line = info.lines;
    const [mjd, fluxJy, fluxErrJy] = COLUMNS.map((column) => this.number(record, column, line)) as [
      number,
      number,
      number,
    ];
    if (fluxErrJy <= 0) {
      throw this.mistake('TABLE_INVALID', `flux_err_jy must be above 0, got ${fluxErrJy}`, {
        line,
        column: 'flux_err_jy',
      });
    }
    const sourceId = record[SOURCE_COLUMN] ?? null;
    const points = this.bySource.get(sourceId) ?? [];
    this.requireLater(mjd, points, line);
    points.push({ mjd, fluxJy, fluxErrJy });
    this.bySource.set(sourceId, points);
  }

  sources(): SourceFluxes[] {
    if (!this.hasHeader) throw this.mistake('FILE_EMPTY', 'the file is empty', { line: 1, column: COLUMNS[0] });
    if (this.bySource.size === 0) {
      throw this.mistake('FILE_EMPTY', 'there is a header and no row', { line: 2, column: COLUMNS[0] });
    }
    return [...this.bySource].map(([sourceId, points]) => ({ sourceId, points }));
  }

  unreadable(error: CsvError): MeridianError {
    const line = Number((error as unknown as { lines?: number }).lines ?? 0);
    return this.mistake('TABLE_INVALID', error.message.replace(/\.$/, ''), { line, column: '' });
  }

  private number(record: CsvRow['record'], column: Column, line: number): number {
    const text = record[column] ?? '';
    const value = text === '' ? Number.NaN : Number(text);
    if (Number.isFinite(value)) return value;
    throw this.mistake('DATA_NOT_FINITE', `${column} must be a finite number, got "${text}"`, { line, column });
  }

  private requireLater(mjd: number, points: readonly Measurement[], line: number): void {
    const before = points.at(-1)?.mjd ?? -Infinity;
    if (mjd > before) return;
    const text =
      mjd === before
        ? `epoch ${mjd} appears twice`
        : `time runs backwards: ${mjd} comes after ${before}; sort the rows by mjd`;
    throw this.mistake('TABLE_INVALID', text, { line, column: 'mjd' });
  }

  private mistake(code: ErrorCode, text: string, place: Place): MeridianError {
    const context = { file: this.file, line: place.line, ...(place.column === '' ? {} : { field: place.column }) };
    return new MeridianError(code, `${this.file}, line ${place.line}: ${text}`, context);
  }
}
