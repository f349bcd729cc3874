/** All rows of all light curves with their sources, page by page. */
import { sql, type Kysely, type Selectable } from 'kysely';
import type { PhotometryTable } from './schema/photometry.ts';
import type { Database } from './schema/index.ts';

export type LightCurveRow = Selectable<PhotometryTable> & { readonly raDeg: number; readonly decDeg: number };

const ROWS_PER_PAGE = 5000;

/**
 * Rows in the order of source, series, time and version.
 *
 * @param allVersions superseded rows too
 */
export async function* lightCurveRows(db: Kysely<Database>, allVersions: boolean): AsyncGenerator<LightCurveRow[]> {
  let last: LightCurveRow | undefined;
  for (;;) {
    const after = last;
    const rows = await db
      .selectFrom('photometry')
      .innerJoin('sources', 'sources.id', 'photometry.sourceId')
      .selectAll('photometry')
      .select(['sources.raDeg', 'sources.decDeg'])
      .$if(!allVersions, (q) => q.where('supersededAt', 'is', null))
      .$if(after !== undefined, (q) =>
        q.where(
          sql<boolean>`(source_id, series, photometry.mid_mjd, version) >
            (${after?.sourceId ?? 0}, ${after?.series ?? ''}, ${after?.midMjd ?? 0}, ${after?.version ?? 0})`,
        ),
      )
      .orderBy('sourceId')
      .orderBy('series')
      .orderBy('photometry.midMjd')
      .orderBy('version')
      .limit(ROWS_PER_PAGE)
      .execute();
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS_PER_PAGE) return;
    last = rows.at(-1);
  }
}
