/**
 * Types of the gateway's API.
 *
 * Generated from api/openapi.json by ops/generate/openapi.ts: do not edit.
 */
export interface paths {
  '/api/mosaics/create': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ask for a mosaic around a calibrator transit or of a time window
     * @description The transit is found before anything starts: the newest one whose window has closed, whose calibrator group is complete and which has enough tiles, unless `near_utc` names one. The same request finds the same workflow and product; other parameters make another.
     */
    post: operations['createMosaic'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/mosaics/query': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Mosaics that overlap a time range, newest first */
    post: operations['queryMosaics'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/mosaics/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One mosaic with its tiles, caltables, QA and progress */
    get: operations['getMosaic'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/mosaics/{id}/fits': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The FITS file of a mosaic, its weight or its coverage map */
    get: operations['getMosaicFits'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/mosaics/{id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Stop before the next phase */
    post: operations['pauseMosaic'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/mosaics/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Go on */
    post: operations['resumeMosaic'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/mosaics/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Stop and clean up; work that others asked for goes on */
    post: operations['cancelMosaic'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/mosaics/{id}/qa': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** QA of a mosaic: verdict, checks, and the numbers they rest on */
    get: operations['getMosaicQa'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/mosaics/{id}/validate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Compare a built mosaic with the catalogue once more
     * @description Runs as a job; its result holds the checks. The registered verdict stays as it is.
     */
    post: operations['validateMosaic'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/mosaic-plans': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List plans, newest first */
    get: operations['listMosaicPlans'];
    put?: never;
    /**
     * Choose the tiles of a time range, record them, and check that they agree
     * @description The checks run as a job (`check_job`); the plan shows them when it is done.
     */
    post: operations['createMosaicPlan'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/mosaic-plans/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One plan with its tiles and checks */
    get: operations['getMosaicPlan'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/mosaic-plans/{name}/build': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Combine the tiles of a plan into a mosaic */
    post: operations['buildMosaicPlan'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/jobs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List jobs, newest first */
    get: operations['listJobs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/jobs/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One job: status, phase, progress, ETA, attempts, artifacts */
    get: operations['getJob'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/jobs/{id}/logs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Follow a job: past events, then new ones as they happen
     * @description Server-sent events. A message with an `id` is one line of the log: `event` is its kind, `data` a JobEvent. Messages `progress` (a JobProgress) come without id, as often as it changes. A reader that was cut resumes with `Last-Event-ID` without loss or doubles. Comments keep the line open. The stream ends with a message `outcome` whose data is the job.
     */
    get: operations['streamJobLog'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calibrators': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Calibrators near a position or declination, brightest in the beam first */
    get: operations['listCalibrators'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/calibrators/{name}/transits': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Transits of a calibrator, with the data there is for each */
    get: operations['listTransits'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/caltables': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List caltables, newest first */
    get: operations['listCaltables'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/caltables/active': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The apply-list at a time: tables in the order in which they are applied */
    get: operations['listActiveCaltables'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/catalogs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Source catalogues, those that are there and how to get the others */
    get: operations['listCatalogs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/catalogs/{name}/search': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Sources of a catalogue within a cone, nearest first */
    get: operations['searchCatalog'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/data-roots': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** List data roots */
    get: operations['listDataRoots'];
    put?: never;
    /** Register a folder with raw files; the same folder again gives the same row */
    post: operations['registerDataRoot'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/streaming/start': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Watch a folder and work on every group in it
     * @description A stream of that name that runs already is found and left as it is.
     */
    post: operations['startStream'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/streaming/status': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Streams: what they do, what waits, what failed */
    get: operations['listStreams'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/streaming/{name}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Begin no further group; what runs is finished */
    post: operations['pauseStream'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/streaming/{name}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Go on */
    post: operations['resumeStream'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/streaming/{name}/stop': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** End the stream; what runs is finished, what waits stays in the registry */
    post: operations['stopStream'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/streaming/{name}/config': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Change how many groups are worked on at the same time */
    post: operations['configureStream'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/streaming/groups': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Work on groups, newest first; `status=failed` lists what needs a person */
    get: operations['listStreamGroups'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/streaming/groups/{group_id}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Work on a group again whose work failed or was cancelled */
    post: operations['retryGroup'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/schedule': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Calibrators on the schedule, and what becomes of their transits */
    get: operations['getSchedule'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/schedule/add': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Make a mosaic of every transit of a calibrator; again with other values changes them */
    post: operations['addToSchedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/schedule/remove': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Take a calibrator off; its open transits are struck off */
    post: operations['removeFromSchedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/schedule/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Plan no further transits of a calibrator and strike off its open ones; without a calibrator: plan nothing new */
    post: operations['pauseSchedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/schedule/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Plan again */
    post: operations['resumeSchedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/schedule/trigger': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Plan now; with a calibrator: decide its last transit, or the one near a time, without waiting any longer */
    post: operations['triggerSchedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/schedule/backfill': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Transits of past days, behind all live work */
    post: operations['backfillSchedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/schedule/explain': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Why a transit is planned, waited for, made or missed, in words */
    get: operations['explainSchedule'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/photometry/products/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Photometry of a product, newest first */
    get: operations['listPhotometryRuns'];
    put?: never;
    /**
     * Measure catalogue sources in a tile or a mosaic and write their light curves
     * @description The same product and configuration are the same run. `radius_deg` defaults to 0.5 for a tile, 1.0 for a mosaic.
     */
    post: operations['measureProduct'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/sources/{id}/lightcurve': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Every expected measurement of a source: a value, or the reason there is none */
    get: operations['getLightCurve'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/lightcurves.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All rows of all light curves as CSV */
    get: operations['exportLightCurves'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/ledger': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Expected measurements = measured + each reason, per epoch or source */
    get: operations['getLedger'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/sources/{id}/variability': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Statistics of the nights of a source, one entry per strip */
    get: operations['getVariability'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/ese/candidates': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Candidates, most significant first */
    get: operations['listCandidates'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/ese/candidates/{source_id}/lightcurve': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Nights of a source with a candidate */
    get: operations['getCandidateLightCurve'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/ese/candidates/{id}/judge': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Say what a candidate turned out to be */
    post: operations['judgeCandidate'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/jobs/ese-detect': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Search the light curves that are there for scattering events */
    post: operations['detectEvents'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Each part the gateway needs; always 200 while it answers at all */
    get: operations['getHealth'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/live': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The process answers; depends on nothing else */
    get: operations['getLive'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/ready': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether work can be asked for: 503 while PostgreSQL, Temporal or every worker is away */
    get: operations['getReady'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** Problem */
    Problem: {
      /** @description Names the kind of problem: `urn:meridian:problem:<code>`. */
      type: string;
      /** @description The code in words. */
      title: string;
      status: number;
      /** @description Stable code of the closed list in docs/api.md. */
      code: string;
      /** @description What is wrong, naming the field or file. */
      detail: string;
      /** @description What to do. */
      advice: string;
      /** @description The path that was asked for. */
      instance: string;
      /** @description Facts for programs. */
      context: {
        [key: string]: unknown;
      };
      /** @description Ask again after this time; only where that may help. */
      retry_after_seconds?: number;
    };
    Check: {
      name: string;
      value: number | null;
      limit: string;
      /** @enum {string} */
      verdict: 'pass' | 'warn' | 'fail' | 'not_evaluated';
      message: string;
    };
    Mosaic: {
      /**
       * Format: uuid
       * @description Stays the same from the request on.
       */
      id: string;
      /**
       * @description State of the mosaic group.
       * @enum {string}
       */
      status: 'pending' | 'formed' | 'calibrated' | 'imaged' | 'mosaicked' | 'done' | 'failed' | 'cancelled';
      name: string;
      /** @description The registered mosaic; null until it is made. */
      product_id: string | null;
      product_state: ('staging' | 'publishing' | 'published' | 'withdrawn') | null;
      job_id: string | null;
      /** @description Workflow that makes or made it. */
      workflow_id: string;
      calibrator: string | null;
      transit_utc: string | null;
      transit_mjd: number | null;
      /** @description ISO 8601 UTC with Z. */
      start_utc: string;
      /** @description ISO 8601 UTC with Z. */
      end_utc: string;
      /** @description Modified Julian Date, UTC. */
      start_mjd: number;
      /** @description Modified Julian Date, UTC. */
      end_mjd: number;
      /** @enum {string} */
      method: 'mean' | 'weighted' | 'pbweighted';
      n_tiles: number;
      rms_jy: number | null;
      qa: components['schemas']['MosaicQa'];
      fits: string | null;
      /** @description ISO 8601 UTC with Z. */
      created_at: string;
      error: {
        code: string;
        message: string;
        advice: string;
      } | null;
      /** @description Weight map, Jy^-2. */
      weight: string | null;
      /** @description Tiles per pixel. */
      coverage: string | null;
      /** @description Primary beam of the mosaic. */
      pb: string | null;
      /** @description PNG. */
      picture: string | null;
      fits_url: string | null;
      tiles: components['schemas']['MosaicTile'][];
      caltables: components['schemas']['MosaicCaltable'][];
      excluded: {
        group_id: string;
        code: string;
        reason: string;
      }[];
      job: {
        /** @enum {string} */
        status: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
        phase: string | null;
        progress: number;
        eta_seconds: number | null;
        message: string | null;
        phases: components['schemas']['JobPhase'][];
        paused: {
          requested_by: string;
          reason: string;
        } | null;
      } | null;
    };
    MosaicSummary: {
      /**
       * Format: uuid
       * @description Stays the same from the request on.
       */
      id: string;
      /**
       * @description State of the mosaic group.
       * @enum {string}
       */
      status: 'pending' | 'formed' | 'calibrated' | 'imaged' | 'mosaicked' | 'done' | 'failed' | 'cancelled';
      name: string;
      /** @description The registered mosaic; null until it is made. */
      product_id: string | null;
      product_state: ('staging' | 'publishing' | 'published' | 'withdrawn') | null;
      job_id: string | null;
      /** @description Workflow that makes or made it. */
      workflow_id: string;
      calibrator: string | null;
      transit_utc: string | null;
      transit_mjd: number | null;
      /** @description ISO 8601 UTC with Z. */
      start_utc: string;
      /** @description ISO 8601 UTC with Z. */
      end_utc: string;
      /** @description Modified Julian Date, UTC. */
      start_mjd: number;
      /** @description Modified Julian Date, UTC. */
      end_mjd: number;
      /** @enum {string} */
      method: 'mean' | 'weighted' | 'pbweighted';
      n_tiles: number;
      rms_jy: number | null;
      qa: {
        /** @enum {string} */
        verdict: 'pass' | 'warn' | 'fail' | 'not_evaluated';
      };
      fits: string | null;
      /** @description ISO 8601 UTC with Z. */
      created_at: string;
      error: {
        code: string;
        message: string;
        advice: string;
      } | null;
    };
    MosaicTile: {
      /** @description Product id of the tile; null: not made yet. */
      id: string | null;
      group_id: string;
      fits: string | null;
      mid_mjd: number | null;
      rms_jy: number | null;
      qa: {
        /** @enum {string} */
        verdict: 'pass' | 'warn' | 'fail' | 'not_evaluated';
        checks: components['schemas']['Check'][];
      };
    };
    MosaicCaltable: {
      /**
       * Format: uuid
       * @description Id of a product or job (UUIDv7).
       */
      id: string;
      /** @enum {string} */
      type: 'K' | 'B' | 'G';
      path: string;
      calibrator: string;
      /** @description Modified Julian Date, UTC. */
      transit_mjd: number;
      qa: {
        /** @enum {string} */
        verdict: 'pass' | 'warn' | 'fail' | 'not_evaluated';
      };
    };
    CreateMosaicResult: {
      /**
       * Format: uuid
       * @description Id of a product or job (UUIDv7).
       */
      id: string;
      /**
       * Format: uuid
       * @description Id of a product or job (UUIDv7).
       */
      job_id: string;
      /**
       * Format: uuid
       * @description The same as `id`: old scripts look for this name.
       */
      group_id: string;
      workflow_id: string;
      /**
       * @description State of the mosaic group.
       * @enum {string}
       */
      status: 'pending' | 'formed' | 'calibrated' | 'imaged' | 'mosaicked' | 'done' | 'failed' | 'cancelled';
      /** @description False: the same request was made before, and this is its mosaic. */
      created: boolean;
      message: string;
    };
    ControlResult: {
      /**
       * Format: uuid
       * @description Id of a product or job (UUIDv7).
       */
      id: string;
      workflow_id: string;
      /** @enum {string} */
      state: 'running' | 'paused' | 'cancelling' | 'done' | 'failed' | 'cancelled';
      phase: string | null;
    };
    MosaicQa: {
      /** @enum {string} */
      verdict: 'pass' | 'warn' | 'fail' | 'not_evaluated';
      checks: components['schemas']['Check'][];
      /** @description Flux ratio, offsets, rms and what else was measured. */
      metrics: {
        [key: string]: unknown;
      };
    };
    MosaicPlan: {
      /**
       * Format: uuid
       * @description Id of a product or job (UUIDv7).
       */
      id: string;
      name: string;
      /** @enum {string} */
      method: 'mean' | 'weighted' | 'pbweighted';
      start_utc: string | null;
      end_utc: string | null;
      tiles: {
        /**
         * Format: uuid
         * @description Id of a product or job (UUIDv7).
         */
        id: string;
        group_id: string | null;
        mid_mjd: number;
        rms_jy: number;
        fits: string | null;
        qa: {
          /** @enum {string} */
          verdict: 'pass' | 'warn' | 'fail' | 'not_evaluated';
        };
      }[];
      excluded: {
        /**
         * Format: uuid
         * @description Id of a product or job (UUIDv7).
         */
        id: string;
        group_id: string | null;
        reason: string;
      }[];
      /**
       * @description `not_evaluated` while the checks run.
       * @enum {string}
       */
      verdict: 'pass' | 'warn' | 'fail' | 'not_evaluated';
      checks: components['schemas']['Check'][];
      check_job: {
        /**
         * Format: uuid
         * @description Id of a product or job (UUIDv7).
         */
        id: string;
        /** @enum {string} */
        status: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
      } | null;
      /** @description ISO 8601 UTC with Z. */
      created_at: string;
    };
    BuildResult: {
      plan: string;
      dry_run: boolean;
      n_tiles: number;
      estimated_seconds: number | null;
      /** @description Null in a dry run. */
      job_id: string | null;
      message: string;
    };
    Job: {
      /**
       * Format: uuid
       * @description Id of a product or job (UUIDv7).
       */
      id: string;
      /** @description `mosaic`, `tile`, `ms`, or the name of a stage. */
      type: string;
      /** @enum {string} */
      status: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
      workflow_id: string;
      phase: string | null;
      /** @description Stage that runs now. */
      stage: string | null;
      progress: number;
      /** @description From the history of each stage; null: not known yet. */
      eta_seconds: number | null;
      message: string | null;
      requested_by: string | null;
      /** @description ISO 8601 UTC with Z. */
      created_at: string;
      started_at: string | null;
      finished_at: string | null;
      error: {
        code: string;
        message: string;
        advice: string;
      } | null;
      params: {
        [key: string]: unknown;
      };
      result: {
        [key: string]: unknown;
      } | null;
      phases: components['schemas']['JobPhase'][];
      paused: {
        requested_by: string;
        reason: string;
      } | null;
      attempts: {
        stage: string;
        unit: string;
        attempt: number;
        status: string;
        started_at: string | null;
        ended_at: string | null;
        log_folder: string | null;
        error: {
          code: string;
          message: string;
          advice: string;
        } | null;
      }[];
      artifacts: {
        /**
         * Format: uuid
         * @description Id of a product or job (UUIDv7).
         */
        product_id: string;
        kind: string;
        path: string;
        size_bytes: number | null;
        sha256: string | null;
        /** @enum {string} */
        qa: 'pass' | 'warn' | 'fail' | 'not_evaluated';
      }[];
    };
    JobSummary: {
      /**
       * Format: uuid
       * @description Id of a product or job (UUIDv7).
       */
      id: string;
      /** @description `mosaic`, `tile`, `ms`, or the name of a stage. */
      type: string;
      /** @enum {string} */
      status: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
      workflow_id: string;
      phase: string | null;
      /** @description Stage that runs now. */
      stage: string | null;
      progress: number;
      /** @description From the history of each stage; null: not known yet. */
      eta_seconds: number | null;
      message: string | null;
      requested_by: string | null;
      /** @description ISO 8601 UTC with Z. */
      created_at: string;
      started_at: string | null;
      finished_at: string | null;
      error: {
        code: string;
        message: string;
        advice: string;
      } | null;
    };
    JobPhase: {
      name: string;
      /** @enum {string} */
      state: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
      /** @description Units of work that are finished: 3 of 5 tiles, say. */
      done: number;
      total: number;
      message: string;
      started_at: string | null;
      ended_at: string | null;
      seconds: number | null;
    };
    JobEvent: {
      id: string;
      job_id: string | null;
      /** @description ISO 8601 UTC with Z. */
      at: string;
      kind: string;
      stage: string | null;
      group_id: string | null;
      product_id: string | null;
      message: string | null;
      payload: {
        [key: string]: unknown;
      };
    };
    JobProgress: {
      /** @enum {string} */
      status: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
      phase: string | null;
      progress: number;
      eta_seconds: number | null;
      message: string | null;
    };
    Calibrator: {
      /** @description The one name used in ids and tables: 3C286. */
      name: string;
      j2000_name: string;
      b1950_name: string | null;
      /** @description ICRS. */
      ra_deg: number;
      dec_deg: number;
      /** @description 20 cm value of the VLA list. */
      flux_jy: number | null;
      position_code: string;
      /** @description Suitability at 20 cm by array configuration. */
      codes_20cm: {
        A: string;
        B: string;
        C: string;
        D: string;
      } | null;
      /** @enum {string} */
      flux_scale: 'perley_butler_2017' | 'secondary';
      /** @description Flux at 1.4 GHz on the scale that is used. */
      flux_scale_jy: number | null;
      variable: boolean;
      /** @description Code P or S at 20 cm in C array, and a flux. */
      suitable: boolean;
      unsuitable_because: string | null;
    };
    FieldCalibrator: {
      /** @description The one name used in ids and tables: 3C286. */
      name: string;
      j2000_name: string;
      b1950_name: string | null;
      /** @description ICRS. */
      ra_deg: number;
      dec_deg: number;
      /** @description 20 cm value of the VLA list. */
      flux_jy: number | null;
      position_code: string;
      /** @description Suitability at 20 cm by array configuration. */
      codes_20cm: {
        A: string;
        B: string;
        C: string;
        D: string;
      } | null;
      /** @enum {string} */
      flux_scale: 'perley_butler_2017' | 'secondary';
      /** @description Flux at 1.4 GHz on the scale that is used. */
      flux_scale_jy: number | null;
      variable: boolean;
      /** @description Code P or S at 20 cm in C array, and a flux. */
      suitable: boolean;
      unsuitable_because: string | null;
      separation_deg: number;
      /** @description Primary beam at the calibrator when it transits, 0 to 1. */
      beam: number;
      apparent_flux_jy: number | null;
    };
    Catalog: {
      /**
       * @description `rax` is RACS-low; `master` is made here.
       * @enum {string}
       */
      name: 'nvss' | 'first' | 'rax' | 'vlass' | 'master';
      title: string;
      /** @description Of its fluxes, unless a row says otherwise. */
      freq_hz: number;
      /** @enum {string} */
      status: 'present' | 'missing';
      /** @description Null when it is there. */
      how_to_get: string | null;
      /** @description Counts its imports. */
      version: number | null;
      /** @description Rows of the present version. */
      n_sources: number;
      origin: ('shipped' | 'file' | 'vizier' | 'built') | null;
      file_name: string | null;
      file_sha256: string | null;
      /** @description Rows of the file of the newest import. */
      n_read: number | null;
      /** @description Reason to rows that were left out for it. */
      rejected: {
        [key: string]: number;
      };
      imported_at: string | null;
    };
    CatalogSource: {
      source_id: number;
      /** @description Stable name, of the position at which it was first seen. */
      name: string;
      /**
       * @description `rax` is RACS-low; `master` is made here.
       * @enum {string}
       */
      catalog: 'nvss' | 'first' | 'rax' | 'vlass' | 'master';
      /** @description What the catalogue itself calls it. */
      catalog_id: string | null;
      /** @description ICRS. */
      ra_deg: number;
      dec_deg: number;
      separation_deg: number;
      /** @description At freq_hz, of the kind that flux_kind names. */
      flux_jy: number;
      /** @enum {string} */
      flux_kind: 'integrated' | 'peak';
      peak_flux_jy: number | null;
      flux_err_jy: number | null;
      freq_hz: number;
      maj_arcsec: number | null;
      min_arcsec: number | null;
      /** @description From north through east. */
      pa_deg: number | null;
      /** @description Of S ∝ ν^α. */
      spectral_index: number | null;
      /** @description Neighbours that crowd it. */
      crowding: number | null;
      /** @description Integrated over peak flux of 1.1 or more; null: not measured. */
      resolved: boolean | null;
      /** @description Several counterparts, or neighbours within the NVSS beam; null: not known. */
      confused: boolean | null;
    };
    Transit: {
      /** @description ISO 8601 UTC with Z. */
      transit_utc: string;
      /** @description Modified Julian Date, UTC. */
      transit_mjd: number;
      /** @description Counts sidereal transits of this calibrator; the key of its mosaics. */
      transit_number: number;
      apparent_ra_deg: number;
      apparent_dec_deg: number;
      altitude_deg: number;
      /** @description Null: not looked up. */
      data: {
        /**
         * @description Of the group in which the calibrator transits.
         * @enum {string}
         */
        status: 'complete' | 'incomplete' | 'none';
        /** @description Null where only file names were looked at. */
        group_id: string | null;
        /** @description Earliest stamp of its file names, where only those were looked at. */
        first_stamp: string | null;
        n_subbands: number;
        /** @description Groups in the window around the transit. */
        n_groups: number;
        n_complete: number;
        /** @description Part of the window without data. */
        missing_minutes: number;
      } | null;
    };
    Caltable: {
      /**
       * Format: uuid
       * @description Id of a product or job (UUIDv7).
       */
      id: string;
      /** @description Shared by the tables of one solve. */
      set_id: string;
      /** @enum {string} */
      type: 'K' | 'B' | 'G';
      path: string;
      calibrator: string;
      /** @description Group in which the calibrator transits. */
      group_id: string | null;
      /** @description Modified Julian Date, UTC. */
      transit_mjd: number;
      /** @description Modified Julian Date, UTC. */
      valid_start_mjd: number;
      /** @description Modified Julian Date, UTC. */
      valid_end_mjd: number;
      pointing_dec_deg: number;
      refant: string;
      /** @enum {string} */
      status: 'active' | 'rejected' | 'superseded';
      /** @enum {string} */
      qa: 'pass' | 'warn' | 'fail' | 'not_evaluated';
      flagged_fraction: number | null;
      median_snr: number | null;
      /** @description ISO 8601 UTC with Z. */
      created_at: string;
    };
    DataRoot: {
      id: string;
      name: string;
      path: string;
      last_scan_at: string | null;
      /** @description ISO 8601 UTC with Z. */
      created_at: string;
    };
    Stream: {
      name: string;
      /**
       * Format: uuid
       * @description Id of a product or job (UUIDv7).
       */
      job_id: string;
      workflow_id: string;
      incoming: string;
      /** @description State of the job of the stream. */
      status: string;
      paused_by: string | null;
      once: boolean;
      max_in_flight: number;
      in_flight: number;
      /** @description Decided groups without a place. */
      waiting: number;
      /** @description Groups that wait for files. */
      collecting: number;
      rejected: number;
      /** @description Groups whose work failed; retry them by hand. */
      failed: number;
      /** @description Files set aside. */
      quarantined: number;
      /** @description Between the newest data seen and the newest data done. */
      lag_seconds: number | null;
      /** @description Groups that changed last, newest first. */
      recent: components['schemas']['StreamGroup'][];
      started_at: string | null;
    };
    StreamGroup: {
      group_id: string;
      version: number;
      job_id: string | null;
      status: string;
      phase: string | null;
      message: string | null;
      error: {
        code: string;
        message: string;
      } | null;
      /** @description ISO 8601 UTC with Z. */
      updated_at: string;
    };
    Schedule: {
      /** @description Where the newest groups point; null: none was seen yet. */
      pointing: {
        group_id: string;
        dec_deg: number;
      } | null;
      /** @description Null: it was not set up yet; adding a calibrator does that. */
      planner: {
        paused: boolean;
        note: string;
        next_run_at: string | null;
        last_run_at: string | null;
      } | null;
      calibrators: components['schemas']['ScheduledCalibrator'][];
      /** @description In order of time. */
      transits: components['schemas']['PlannedTransit'][];
    };
    ScheduledCalibrator: {
      name: string;
      /** @description Planned only at this pointing declination; null: whenever it is in the beam. */
      dec_deg: number | null;
      timespan_minutes: number;
      /** @description How long late data are waited for after the window has closed. */
      deadline_minutes: number;
      min_tiles: number;
      /** @description Other fields of the mosaic that is asked for. */
      recipe: {
        [key: string]: unknown;
      };
      added_by: string;
      /** @description ISO 8601 UTC with Z. */
      added_at: string;
      paused: {
        requested_by: string;
        reason: string;
      } | null;
    };
    PlannedTransit: {
      calibrator: string;
      /** @description Sidereal: whole turns of the Earth since J2000; the key of the transit. */
      transit_number: number;
      /** @description ISO 8601 UTC with Z. */
      transit_utc: string;
      /** @description Modified Julian Date, UTC. */
      transit_mjd: number;
      /** @description ISO 8601 UTC with Z. */
      start_utc: string;
      /** @description ISO 8601 UTC with Z. */
      end_utc: string;
      /** @description ISO 8601 UTC with Z. */
      deadline_utc: string;
      /** @enum {string} */
      state: 'planned' | 'waiting' | 'asked' | 'done' | 'failed' | 'struck' | 'missed';
      /** @description What it waits for, or why it ended so. */
      reason: string | null;
      reason_code: string | null;
      /** @description The mosaic group: `GET /api/mosaics/{id}`. */
      mosaic_id: string | null;
      workflow_id: string;
      priority: number;
      requested_by: string;
      moved_by: string | null;
      moved_reason: string | null;
    };
    PlanSummary: {
      started: number;
      moved: number;
      struck: number;
      /** @description Past transits recorded as missed, for no group was taken of them. */
      without_data: number;
      unchanged: number;
      pointing_dec_deg: number | null;
    };
    PhotometryRun: {
      /**
       * Format: uuid
       * @description Id of a product or job (UUIDv7).
       */
      id: string;
      /**
       * Format: uuid
       * @description Id of a product or job (UUIDv7).
       */
      product_id: string;
      /** @enum {string} */
      series: 'tile' | 'mosaic';
      /**
       * Format: uuid
       * @description Id of a product or job (UUIDv7).
       */
      job_id: string;
      workflow_id: string;
      photometry_status: ('pending' | 'running' | 'completed' | 'failed') | null;
      sources_total: number | null;
      sources_measured: number | null;
      n_references: number | null;
      config: {
        /**
         * @default nvss
         * @enum {string}
         */
        catalog: 'nvss' | 'first' | 'rax' | 'vlass' | 'master';
        /**
         * @description Around the centre; null: everything in the footprint.
         * @default null
         */
        radius_deg: number | null;
        /** @default 0.05 */
        min_flux_jy: number;
        /**
         * @description The best of them; null: all.
         * @default null
         */
        max_sources: number | null;
        /**
         * @default peak
         * @enum {string}
         */
        method: 'peak' | 'aegean';
        /** @default true */
        normalize: boolean;
        /** @default true */
        detect_ese: boolean;
      };
      /** @description ISO 8601 UTC with Z. */
      created_at: string;
    };
    LightCurve: {
      source_id: number;
      name: string;
      ra_deg: number;
      dec_deg: number;
      /** @enum {string} */
      series: 'tile' | 'mosaic' | 'night';
      points: components['schemas']['LightCurvePoint'][];
    };
    LightCurvePoint: {
      /** @enum {string} */
      series: 'tile' | 'mosaic' | 'night';
      epoch: string;
      version: number;
      /** @description Modified Julian Date, UTC. */
      mid_mjd: number;
      /** @enum {string} */
      status:
        | 'measured'
        | 'edge'
        | 'masked'
        | 'blended'
        | 'qa_rejected'
        | 'uncalibrated'
        | 'not_selected'
        | 'not_covered'
        | 'no_data'
        | 'failed'
        | 'pending';
      reason: string | null;
      flux_jy: number | null;
      flux_err_jy: number | null;
      normalized_flux_jy: number | null;
      normalized_flux_err_jy: number | null;
      rms_jy: number | null;
      pb: number | null;
      nu_eff_hz: number | null;
      n_tiles: number | null;
      tier: string | null;
      flags: string[];
      product_id: string | null;
      superseded_at: string | null;
      superseded_reason: string | null;
    };
    Ledger: {
      /** @enum {string} */
      series: 'tile' | 'mosaic' | 'night';
      /** @enum {string} */
      by: 'epoch' | 'source';
      expected: number;
      by_status: {
        [key: string]: number;
      };
      /** @description Expected minus everything with a value or a reason: 0, or something is lost. */
      unexplained: number;
      lines: components['schemas']['LedgerLine'][];
    };
    LedgerLine: {
      /** @description The epoch or source that is added up. */
      key: string;
      expected: number;
      measured: number;
      by_status: {
        [key: string]: number;
      };
      reasons: {
        status: string;
        reason: string;
        /** @description The job that could not measure. */
        job_id: string | null;
        count: number;
      }[];
    };
    Variability: {
      source_id: number;
      name: string;
      strip_id: number;
      /** @description Nights. */
      n: number;
      mean_flux_jy: number | null;
      weighted_mean_flux_jy: number | null;
      std_flux_jy: number | null;
      /** @description About the weighted mean, n − 1 degrees of freedom. */
      chi2: number | null;
      /** @description χ² over n − 1. */
      eta: number | null;
      /** @description Standard deviation over mean. */
      v: number | null;
      /** @description Largest two-epoch significance of the last 100 nights. */
      vs_max: number | null;
      /** @description Two-epoch modulation of that pair. */
      m_at_vs_max: number | null;
      /** @description Reported only: it never exceeds (n − 1)/√n. */
      sigma_deviation: number | null;
      p_values: {
        eta: number | null;
        v: number | null;
      };
    };
    Candidate: {
      /**
       * Format: uuid
       * @description Id of a product or job (UUIDv7).
       */
      id: string;
      source_id: number;
      name: string;
      strip_id: number;
      /** @enum {string} */
      kind: 'dip' | 'flare';
      /** @enum {string} */
      status: 'active' | 'investigated' | 'dismissed';
      /** @description One-sided Gaussian equivalent of p, corrected for templates. */
      significance: number;
      /** @description Modified Julian Date, UTC. */
      start_mjd: number;
      /** @description Modified Julian Date, UTC. */
      end_mjd: number;
      duration_days: number;
      /** @description Fraction of the baseline that is missing in a dip, or added in a flare. */
      depth: number;
      depth_err: number;
      n_inside: number;
      n_outside: number;
      shape: string;
      baseline_jy: number;
      /** @description Threshold of the search that found it. */
      min_sigma: number;
      reason: string;
      neighbours: {
        /** @enum {string} */
        verdict: 'quiet' | 'calibration' | 'unchecked';
        n: number;
        median_depth: number | null;
        median_depth_err: number | null;
      };
      expected_false_alarms: number | null;
      expectation_basis: string | null;
      judged_by: string | null;
      judged_reason: string | null;
      alerted_at: string | null;
      /** @description ISO 8601 UTC with Z. */
      created_at: string;
      /** @description ISO 8601 UTC with Z. */
      updated_at: string;
    };
    Health: {
      /**
       * @description degraded: the gateway answers, a part that it needs does not.
       * @enum {string}
       */
      status: 'ok' | 'degraded';
      version: string;
      pid: number;
      /** @description ISO 8601 UTC with Z. */
      started_at: string;
      checks: {
        name: string;
        /** @enum {string} */
        status: 'up' | 'down';
        latency_ms: number | null;
        message: string | null;
      }[];
    };
    CreateMosaic: {
      /** @description Any name of the VLA list: 3C286, 1331+305, J1331+3030. */
      calibrator?: string;
      /** @description The transit nearest to this time; default: the newest one with data. */
      near_utc?: string;
      /**
       * @description Window around the transit.
       * @default 50
       */
      timespan_minutes?: number;
      /** @description Start of a time window, instead of a calibrator. */
      start_utc?: string;
      /** @description ISO 8601 UTC, with or without Z. */
      end_utc?: string;
      /** @description Folder with raw files; registered as a data root. */
      incoming?: string;
      /**
       * @default pbweighted
       * @enum {string}
       */
      method?: 'mean' | 'weighted' | 'pbweighted';
      /**
       * @description Tool that combines the tiles.
       * @default auto
       * @enum {string}
       */
      backend?: 'auto' | 'swarp' | 'reproject';
      /** @default 3 */
      min_tiles?: number;
      /**
       * @description Fewer than 16 makes quick-look tiles.
       * @default 16
       */
      min_subbands?: number;
      /**
       * @description Go on with tiles that disagree; the verdict says so.
       * @default false
       */
      ignore_validation?: boolean;
      /**
       * @description Solve although the codes of the calibrator say no.
       * @default false
       */
      force_calibrator?: boolean;
      /** @default {} */
      convert?: {
        max_channel_width_hz?: number | null;
        max_integration_s?: number | null;
        /** @enum {string} */
        driver?: 'lean' | 'pyuvdata';
      };
      /** @default {} */
      image?: {
        /** @enum {string} */
        backend?: 'auto' | 'wsclean' | 'tclean';
        /** @enum {string} */
        quality_tier?: 'development' | 'standard' | 'high_precision';
        imsize_px?: number;
        cell_arcsec?: number;
        /** @enum {string} */
        weighting?: 'natural' | 'uniform' | 'briggs';
        robust?: number;
        niter?: number;
        threshold_jy?: number;
        auto_mask_sigma?: number;
        auto_threshold_sigma?: number;
        mgain?: number;
        multiscale?: boolean;
        catalog_mask?: boolean;
        mask_radius_arcsec?: number;
        mask_min_flux_jy?: number;
        uvmin_lambda?: number;
        pb_limit?: number;
        subtract_drifting_jy?: number | null;
      };
      /** @description Part of the file names; default: made from calibrator and time. */
      name?: string;
      requested_by?: string;
      /** @description Accepted for old scripts: the answer never waits. */
      wait_for_published?: boolean;
    };
    QueryMosaics: {
      /** @description ISO 8601 UTC, with or without Z. */
      start_utc?: string;
      /** @description ISO 8601 UTC, with or without Z. */
      end_utc?: string;
      calibrator?: string;
      /**
       * @description State of the mosaic group.
       * @enum {string}
       */
      status?: 'pending' | 'formed' | 'calibrated' | 'imaged' | 'mosaicked' | 'done' | 'failed' | 'cancelled';
      /**
       * @description Rows in this page.
       * @default 50
       */
      limit?: number;
      /** @description `next_cursor` of the page before. */
      cursor?: string;
    };
    Control: {
      /** @default operator */
      requested_by?: string;
      reason: string;
    };
    ValidateMosaic: {
      /**
       * @description Also look for sources blindly: completeness and reliability.
       * @default false
       */
      find_sources?: boolean;
      /** @default operator */
      requested_by?: string;
    };
    CreateMosaicPlan: {
      name: string & (unknown & unknown);
      /** @description ISO 8601 UTC, with or without Z. */
      start_utc: string;
      /** @description ISO 8601 UTC, with or without Z. */
      end_utc: string;
      /**
       * @default pbweighted
       * @enum {string}
       */
      method?: 'mean' | 'weighted' | 'pbweighted';
      /**
       * @default auto
       * @enum {string}
       */
      backend?: 'auto' | 'swarp' | 'reproject';
      /** @default 3 */
      min_tiles?: number;
      /**
       * @description Take quick-look tiles too.
       * @default false
       */
      quick_look?: boolean;
      /**
       * @description Replace the plan of this name, if there is one.
       * @default false
       */
      replace?: boolean;
      /** @default operator */
      requested_by?: string;
    };
    BuildMosaicPlan: {
      /**
       * @description Say what would be done, and do nothing.
       * @default false
       */
      dry_run?: boolean;
      /**
       * @description Go on with tiles that disagree; the verdict says so.
       * @default false
       */
      ignore_validation?: boolean;
      /** @default operator */
      requested_by?: string;
    };
    StartStream: {
      /** @description Folder with raw files; registered as a data root. */
      incoming: string;
      /**
       * @description Name of the stream.
       * @default live
       */
      name?: string;
      /**
       * @description Take what is there, then stop; incomplete groups are decided at once.
       * @default false
       */
      once?: boolean;
      /**
       * @description Groups worked on at the same time.
       * @default 2
       */
      max_in_flight?: number;
      /**
       * @description Fewer than 16 makes quick-look tiles.
       * @default 12
       */
      min_subbands?: number;
      /**
       * @description Image without calibration when no caltables serve a group.
       * @default false
       */
      image_uncalibrated?: boolean;
      /**
       * @description How long a group waits for caltables that are under way.
       * @default 3600
       */
      table_wait_seconds?: number;
      /**
       * @description Looks into the folder before the workflow continues as a new run.
       * @default 200
       */
      looks_per_run?: number;
      /** @default {} */
      convert?: {
        max_channel_width_hz?: number | null;
        max_integration_s?: number | null;
        /** @enum {string} */
        driver?: 'lean' | 'pyuvdata';
      };
      /** @default {} */
      image?: {
        /** @enum {string} */
        backend?: 'auto' | 'wsclean' | 'tclean';
        /** @enum {string} */
        quality_tier?: 'development' | 'standard' | 'high_precision';
        imsize_px?: number;
        cell_arcsec?: number;
        /** @enum {string} */
        weighting?: 'natural' | 'uniform' | 'briggs';
        robust?: number;
        niter?: number;
        threshold_jy?: number;
        auto_mask_sigma?: number;
        auto_threshold_sigma?: number;
        mgain?: number;
        multiscale?: boolean;
        catalog_mask?: boolean;
        mask_radius_arcsec?: number;
        mask_min_flux_jy?: number;
        uvmin_lambda?: number;
        pb_limit?: number;
        subtract_drifting_jy?: number | null;
      };
      /** @description Photometry after each image; false: none. Default: the automatic one. */
      photometry?: false | components['schemas']['PhotometryConfig'];
      requested_by?: string;
    };
    AddToSchedule: {
      /** @description Any name of the VLA list: 3C286, 1331+305, J1331+3030. */
      calibrator: string;
      /** @description Only at this pointing declination; default: any. */
      dec_deg?: number;
      /**
       * @description Window around the transit.
       * @default 50
       */
      timespan_minutes?: number;
      /**
       * @description How long late data are waited for.
       * @default 60
       */
      deadline_minutes?: number;
      /**
       * @default pbweighted
       * @enum {string}
       */
      method?: 'mean' | 'weighted' | 'pbweighted';
      /**
       * @description Tool that combines the tiles.
       * @default auto
       * @enum {string}
       */
      backend?: 'auto' | 'swarp' | 'reproject';
      /** @default 3 */
      min_tiles?: number;
      /**
       * @description Fewer than 16 makes quick-look mosaics.
       * @default 12
       */
      min_subbands?: number;
      /**
       * @description Go on with tiles that disagree; the verdict says so.
       * @default false
       */
      ignore_validation?: boolean;
      /**
       * @description Solve although the codes of the calibrator say no.
       * @default false
       */
      force_calibrator?: boolean;
      /** @default {} */
      convert?: {
        max_channel_width_hz?: number | null;
        max_integration_s?: number | null;
        /** @enum {string} */
        driver?: 'lean' | 'pyuvdata';
      };
      /** @default {} */
      image?: {
        /** @enum {string} */
        backend?: 'auto' | 'wsclean' | 'tclean';
        /** @enum {string} */
        quality_tier?: 'development' | 'standard' | 'high_precision';
        imsize_px?: number;
        cell_arcsec?: number;
        /** @enum {string} */
        weighting?: 'natural' | 'uniform' | 'briggs';
        robust?: number;
        niter?: number;
        threshold_jy?: number;
        auto_mask_sigma?: number;
        auto_threshold_sigma?: number;
        mgain?: number;
        multiscale?: boolean;
        catalog_mask?: boolean;
        mask_radius_arcsec?: number;
        mask_min_flux_jy?: number;
        uvmin_lambda?: number;
        pb_limit?: number;
        subtract_drifting_jy?: number | null;
      };
      requested_by?: string;
    };
    PhotometryConfig: {
      /**
       * @default nvss
       * @enum {string}
       */
      catalog?: 'nvss' | 'first' | 'rax' | 'vlass' | 'master';
      /**
       * @description Around the centre; null: everything in the footprint.
       * @default null
       */
      radius_deg?: number | null;
      /** @default 0.05 */
      min_flux_jy?: number;
      /**
       * @description The best of them; null: all.
       * @default null
       */
      max_sources?: number | null;
      /**
       * @default peak
       * @enum {string}
       */
      method?: 'peak' | 'aegean';
      /** @default true */
      normalize?: boolean;
      /** @default true */
      detect_ese?: boolean;
    };
    RegisterDataRoot: {
      /** @description Absolute path of a folder on the machine of the gateway. */
      path: string;
      /** @description Default: made from the path. */
      name?: string;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  createMosaic: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "calibrator": "3C286",
         *       "timespan_minutes": 50,
         *       "incoming": "/data/incoming"
         *     }
         */
        'application/json': components['schemas']['CreateMosaic'];
      };
    };
    responses: {
      /** @description Accepted, or found: follow it by `id`. */
      202: {
        headers: {
          /** @description Where the mosaic is. */
          Location?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreateMosaicResult'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CALIBRATOR_UNKNOWN, CALIBRATOR_NO_DATA, WINDOW_EMPTY, FILE_MISSING */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description TRANSIT_NOT_COMPLETE, CONFLICT */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CALIBRATOR_BELOW_HORIZON, CALIBRATOR_UNSUITABLE, TOO_FEW_TILES, FILE_UNREADABLE */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  queryMosaics: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "start_utc": "2026-01-25T00:00:00",
         *       "end_utc": "2026-01-26T00:00:00"
         *     }
         */
        'application/json': components['schemas']['QueryMosaics'];
      };
    };
    responses: {
      /** @description A page of mosaics. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['MosaicSummary'][];
            /** @description Pass it as `cursor` for the next page; null: this is the last one. */
            next_cursor: string | null;
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getMosaic: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The mosaic. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Mosaic'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getMosaicFits: {
    parameters: {
      query?: {
        map?: 'mosaic' | 'weight' | 'coverage';
      };
      header?: {
        /** @description Bytes wanted. */
        Range?: string;
        /** @description ETag held already. */
        'If-None-Match'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The file. */
      200: {
        headers: {
          /** @description SHA-256 of the file. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/fits': string;
        };
      };
      /** @description The part that was asked for. */
      206: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/fits': string;
        };
      };
      /** @description Not changed. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/fits': string;
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND, FILE_MISSING */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such part. */
      416: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': string;
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  pauseMosaic: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same id again does the same thing once. */
        'X-Request-Id'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "requested_by": "jane",
         *       "reason": "disk is being replaced"
         *     }
         */
        'application/json': components['schemas']['Control'];
      };
    };
    responses: {
      /** @description The state after it. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ControlResult'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CONFLICT, WORKFLOW_CLOSED */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resumeMosaic: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same id again does the same thing once. */
        'X-Request-Id'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "requested_by": "jane",
         *       "reason": "disk is being replaced"
         *     }
         */
        'application/json': components['schemas']['Control'];
      };
    };
    responses: {
      /** @description The state after it. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ControlResult'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CONFLICT, WORKFLOW_CLOSED */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelMosaic: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same id again does the same thing once. */
        'X-Request-Id'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "requested_by": "jane",
         *       "reason": "disk is being replaced"
         *     }
         */
        'application/json': components['schemas']['Control'];
      };
    };
    responses: {
      /** @description The state after it. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ControlResult'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CONFLICT, WORKFLOW_CLOSED */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getMosaicQa: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The QA as it was last done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MosaicQa'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  validateMosaic: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "find_sources": true
         *     }
         */
        'application/json': components['schemas']['ValidateMosaic'];
      };
    };
    responses: {
      /** @description The job. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /**
             * Format: uuid
             * @description Id of a product or job (UUIDv7).
             */
            id: string;
            /**
             * Format: uuid
             * @description Id of a product or job (UUIDv7).
             */
            job_id: string;
            /** @enum {string} */
            status: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listMosaicPlans: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All of them. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['MosaicPlan'][];
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createMosaicPlan: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "strip-30-night-1",
         *       "start_utc": "2026-01-25T12:30:00",
         *       "end_utc": "2026-01-25T13:30:00"
         *     }
         */
        'application/json': components['schemas']['CreateMosaicPlan'];
      };
    };
    responses: {
      /** @description The plan; its checks run. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MosaicPlan'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description WINDOW_EMPTY */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CONFLICT */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description TOO_FEW_TILES */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getMosaicPlan: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string & (unknown & unknown);
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The plan. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MosaicPlan'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  buildMosaicPlan: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string & (unknown & unknown);
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "dry_run": true
         *     }
         */
        'application/json': components['schemas']['BuildMosaicPlan'];
      };
    };
    responses: {
      /** @description The job that builds it; its result names the product. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BuildResult'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND, FILE_MISSING */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listJobs: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        status?: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
        type?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of jobs. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['JobSummary'][];
            /** @description Pass it as `cursor` for the next page; null: this is the last one. */
            next_cursor: string | null;
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getJob: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The job. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Job'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  streamJobLog: {
    parameters: {
      query?: never;
      header?: {
        /** @description Go on after the event with this id. */
        'Last-Event-ID'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The stream. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listCalibrators: {
    parameters: {
      query?: {
        ra_deg?: number;
        dec_deg?: number;
        radius_deg?: number;
        min_flux_jy?: number;
        name?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Calibrators; separation, beam and apparent flux hold when a position was given. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: {
              /** @description The one name used in ids and tables: 3C286. */
              name: string;
              j2000_name: string;
              b1950_name: string | null;
              /** @description ICRS. */
              ra_deg: number;
              dec_deg: number;
              /** @description 20 cm value of the VLA list. */
              flux_jy: number | null;
              position_code: string;
              /** @description Suitability at 20 cm by array configuration. */
              codes_20cm: {
                A: string;
                B: string;
                C: string;
                D: string;
              } | null;
              /** @enum {string} */
              flux_scale: 'perley_butler_2017' | 'secondary';
              /** @description Flux at 1.4 GHz on the scale that is used. */
              flux_scale_jy: number | null;
              variable: boolean;
              /** @description Code P or S at 20 cm in C array, and a flux. */
              suitable: boolean;
              unsuitable_because: string | null;
              separation_deg?: number;
              /** @description Primary beam at the calibrator when it transits, 0 to 1. */
              beam?: number;
              apparent_flux_jy?: number | null;
            }[];
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CALIBRATOR_UNKNOWN */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listTransits: {
    parameters: {
      query?: {
        from_utc?: string;
        to_utc?: string;
        timespan_minutes?: number;
      };
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The calibrator and its transits in order of time. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            calibrator: components['schemas']['Calibrator'];
            transits: components['schemas']['Transit'][];
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CALIBRATOR_UNKNOWN */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CALIBRATOR_BELOW_HORIZON */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listCaltables: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        calibrator?: string;
        type?: 'K' | 'B' | 'G';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page of caltables. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Caltable'][];
            /** @description Pass it as `cursor` for the next page; null: this is the last one. */
            next_cursor: string | null;
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listActiveCaltables: {
    parameters: {
      query: {
        mjd: number;
        dec_deg?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description K, B, G; empty when none is valid, with the reason. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description Modified Julian Date, UTC. */
            mjd: number;
            items: components['schemas']['Caltable'][];
            reason: string | null;
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listCatalogs: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Every catalogue there can be. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Catalog'][];
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  searchCatalog: {
    parameters: {
      query: {
        ra_deg: number;
        dec_deg: number;
        radius_deg?: number;
        min_flux_jy?: number;
        limit?: number;
      };
      header?: never;
      path: {
        name: 'nvss' | 'first' | 'rax' | 'vlass' | 'master';
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Sources of the present version, nearest first. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /**
             * @description `rax` is RACS-low; `master` is made here.
             * @enum {string}
             */
            catalog: 'nvss' | 'first' | 'rax' | 'vlass' | 'master';
            items: components['schemas']['CatalogSource'][];
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CATALOG_MISSING */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listDataRoots: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All of them. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['DataRoot'][];
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  registerDataRoot: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "path": "/data/incoming"
         *     }
         */
        'application/json': components['schemas']['RegisterDataRoot'];
      };
    };
    responses: {
      /** @description The data root. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DataRoot'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description FILE_MISSING */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CONFLICT */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description FILE_UNREADABLE */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  startStream: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "incoming": "/data/incoming",
         *       "max_in_flight": 2
         *     }
         */
        'application/json': components['schemas']['StartStream'];
      };
    };
    responses: {
      /** @description The stream. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Stream'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description FILE_MISSING */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CONFLICT */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description FILE_UNREADABLE */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listStreams: {
    parameters: {
      query?: {
        name?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Streams, newest first. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Stream'][];
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  pauseStream: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "requested_by": "jane",
         *       "reason": "disk is being replaced"
         *     }
         */
        'application/json': components['schemas']['Control'];
      };
    };
    responses: {
      /** @description The stream after it. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Stream'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CONFLICT, WORKFLOW_CLOSED */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resumeStream: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "requested_by": "jane",
         *       "reason": "disk is being replaced"
         *     }
         */
        'application/json': components['schemas']['Control'];
      };
    };
    responses: {
      /** @description The stream after it. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Stream'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CONFLICT, WORKFLOW_CLOSED */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  stopStream: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "requested_by": "jane",
         *       "reason": "disk is being replaced"
         *     }
         */
        'application/json': components['schemas']['Control'];
      };
    };
    responses: {
      /** @description The stream after it. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Stream'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CONFLICT, WORKFLOW_CLOSED */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  configureStream: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "max_in_flight": 4,
         *       "requested_by": "jane",
         *       "reason": "more cores"
         *     }
         */
        'application/json': {
          /** @default operator */
          requested_by?: string;
          reason: string;
          max_in_flight: number;
        };
      };
    };
    responses: {
      /** @description The stream after it. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Stream'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CONFLICT, WORKFLOW_CLOSED */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listStreamGroups: {
    parameters: {
      query?: {
        status?: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Groups. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['StreamGroup'][];
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  retryGroup: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        group_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "requested_by": "jane",
         *       "reason": "the disk is back"
         *     }
         */
        'application/json': components['schemas']['Control'];
      };
    };
    responses: {
      /** @description The group. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StreamGroup'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND, GROUP_NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CONFLICT */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSchedule: {
    parameters: {
      query?: {
        start_utc?: string;
        end_utc?: string;
        calibrator?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The schedule. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Schedule'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CALIBRATOR_UNKNOWN */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  addToSchedule: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "calibrator": "3C286",
         *       "timespan_minutes": 50
         *     }
         */
        'application/json': components['schemas']['AddToSchedule'];
      };
    };
    responses: {
      /** @description The schedule after it. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Schedule'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CALIBRATOR_UNKNOWN */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CALIBRATOR_UNSUITABLE, CALIBRATOR_BELOW_HORIZON */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  removeFromSchedule: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "calibrator": "3C286",
         *       "requested_by": "jane",
         *       "reason": "too near to the Sun"
         *     }
         */
        'application/json': {
          /** @default operator */
          requested_by?: string;
          reason: string;
          /** @description Any name of the VLA list: 3C286, 1331+305, J1331+3030. */
          calibrator: string;
        };
      };
    };
    responses: {
      /** @description The schedule after it. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Schedule'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CALIBRATOR_UNKNOWN, NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  pauseSchedule: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "calibrator": "3C286",
         *       "requested_by": "jane",
         *       "reason": "too near to the Sun"
         *     }
         */
        'application/json': {
          /** @default operator */
          requested_by?: string;
          reason: string;
          /** @description Default: the whole schedule. */
          calibrator?: string;
        };
      };
    };
    responses: {
      /** @description The schedule after it. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Schedule'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CALIBRATOR_UNKNOWN, NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resumeSchedule: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "calibrator": "3C286",
         *       "requested_by": "jane",
         *       "reason": "too near to the Sun"
         *     }
         */
        'application/json': {
          /** @default operator */
          requested_by?: string;
          reason: string;
          /** @description Default: the whole schedule. */
          calibrator?: string;
        };
      };
    };
    responses: {
      /** @description The schedule after it. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Schedule'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CALIBRATOR_UNKNOWN, NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  triggerSchedule: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "calibrator": "3C286"
         *     }
         */
        'application/json': {
          /** @description Any name of the VLA list: 3C286, 1331+305, J1331+3030. */
          calibrator?: string;
          /** @description ISO 8601 UTC, with or without Z. */
          near_utc?: string;
          requested_by?: string;
        };
      };
    };
    responses: {
      /** @description What planning changed. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PlanSummary'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CALIBRATOR_UNKNOWN, NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  backfillSchedule: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "start_utc": "2026-01-25T00:00:00",
         *       "end_utc": "2026-01-27T00:00:00"
         *     }
         */
        'application/json': {
          /** @description ISO 8601 UTC, with or without Z. */
          start_utc: string;
          /** @description ISO 8601 UTC, with or without Z. */
          end_utc: string;
          /** @description Of the list; default: all of it. */
          calibrators?: string[];
          requested_by?: string;
        };
      };
    };
    responses: {
      /** @description What planning changed. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PlanSummary'];
        };
      };
      /** @description REQUEST_INVALID, REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CALIBRATOR_UNKNOWN */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  explainSchedule: {
    parameters: {
      query: {
        calibrator: string;
        near_utc?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Sentences. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            transit: components['schemas']['PlannedTransit'] | null;
            lines: string[];
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description CALIBRATOR_UNKNOWN */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listPhotometryRuns: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Runs. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['PhotometryRun'][];
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  measureProduct: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "catalog": "nvss",
         *       "radius_deg": 0.5,
         *       "max_sources": 100
         *     }
         */
        'application/json': {
          /**
           * @default nvss
           * @enum {string}
           */
          catalog?: 'nvss' | 'first' | 'rax' | 'vlass' | 'master';
          radius_deg?: number | null;
          /** @default 0.05 */
          min_flux_jy?: number;
          /**
           * @description The best of them; null: all.
           * @default null
           */
          max_sources?: number | null;
          /**
           * @default peak
           * @enum {string}
           */
          method?: 'peak' | 'aegean';
          /** @default true */
          normalize?: boolean;
          /** @default true */
          detect_ese?: boolean;
          requested_by?: string;
        };
      };
    };
    responses: {
      /** @description The run: follow its job. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PhotometryRun'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND, CATALOG_MISSING */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getLightCurve: {
    parameters: {
      query?: {
        series?: 'tile' | 'mosaic' | 'night';
        versions?: 'current' | 'all';
      };
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The light curve in the order of time. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LightCurve'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  exportLightCurves: {
    parameters: {
      query?: {
        versions?: 'current' | 'all';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The rows. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv': string;
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getLedger: {
    parameters: {
      query?: {
        series?: 'tile' | 'mosaic' | 'night';
        by?: 'epoch' | 'source';
        from_utc?: string;
        to_utc?: string;
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The sums. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Ledger'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getVariability: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The statistics. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Variability'][];
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listCandidates: {
    parameters: {
      query?: {
        limit?: number;
        min_sigma?: number;
        source_id?: number;
        status?: 'active' | 'investigated' | 'dismissed';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Candidates. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Candidate'][];
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getCandidateLightCurve: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        source_id: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The light curve. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LightCurve'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  judgeCandidate: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "status": "dismissed",
         *       "requested_by": "jane",
         *       "reason": "a satellite"
         *     }
         */
        'application/json': {
          /** @default operator */
          requested_by?: string;
          reason: string;
          /** @enum {string} */
          status: 'active' | 'investigated' | 'dismissed';
        };
      };
    };
    responses: {
      /** @description The candidate after it. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Candidate'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  detectEvents: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "preset": "moderate"
         *     }
         */
        'application/json': {
          /** @description Only this source; default: all. */
          source_id?: number;
          /** @description Default: what the preset asks for. */
          min_sigma?: number;
          /**
           * @description Expected false alarms of a full search: 0.01, 0.1, 1.
           * @default moderate
           * @enum {string}
           */
          preset?: 'conservative' | 'moderate' | 'sensitive';
          /**
           * @description Only say what would change: no candidate is touched.
           * @default false
           */
          replay?: boolean;
          /**
           * @description Accepted for old scripts: a search by hand always takes all nights.
           * @default true
           */
          recompute?: boolean;
          requested_by?: string;
        };
      };
    };
    responses: {
      /** @description The job. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /**
             * Format: uuid
             * @description Id of a product or job (UUIDv7).
             */
            job_id: string;
            workflow_id: string;
            status: string;
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description NOT_FOUND */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description SERVICE_UNAVAILABLE */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getHealth: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description State of the parts. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Health'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getLive: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It lives. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @constant */
            status: 'ok';
            version: string;
            pid: number;
          };
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getReady: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Ready. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Health'];
        };
      };
      /** @description REQUEST_INVALID */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description INTERNAL */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not ready; the checks say why. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Health'];
        };
      };
    };
  };
}
