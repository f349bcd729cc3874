import { describe, expect, it } from '@jest/globals';
import { NotFoundException } from '@nestjs/common';
import { problemOf } from '../../../api/http/problem.ts';
import { Problem } from '../../../api/contracts/common.ts';
import { MeridianError } from '../../../domain/errors.ts';

describe('problemOf', () => {
  it('gives our errors their status, code, advice and context', () => {
    const error = new MeridianError('CALIBRATOR_UNKNOWN', 'the list has no "3C999"', { calibrator: '3C999' });

    const problem = problemOf(error, '/api/mosaics/create');

    expect(Problem.parse(problem)).toEqual({
      type: 'urn:meridian:problem:calibrator_unknown',
      title: 'Calibrator unknown',
      status: 404,
      code: 'CALIBRATOR_UNKNOWN',
      detail: 'the list has no "3C999"',
      advice: expect.stringContaining('VLA calibrator list'),
      instance: '/api/mosaics/create',
      context: { calibrator: '3C999' },
    });
  });

  it('says when to come back while a service is away', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
    expect(problemOf(refused, '/api/jobs')).toMatchObject({
      status: 503,
      code: 'SERVICE_UNAVAILABLE',
      retry_after_seconds: expect.any(Number),
      context: { service: 'postgres' },
    });
    const unavailable = Object.assign(new Error('14 UNAVAILABLE'), { code: 14 });
    expect(problemOf(unavailable, '/api/jobs')).toMatchObject({ status: 503, context: { service: 'temporal' } });
  });

  it('keeps what it does not know to itself', () => {
    const problem = problemOf(new Error('secret path /etc/shadow'), '/api/jobs');
    expect(problem).toMatchObject({ status: 500, code: 'INTERNAL' });
    expect(JSON.stringify(problem)).not.toContain('shadow');
  });

  it('gives the code of a failed update, not that of its wrapper', () => {
    const failed = Object.assign(new Error('Workflow Update failed'), {
      name: 'WorkflowUpdateFailedError',
      cause: { type: 'CONFLICT', message: 'the run is not paused' },
    });
    expect(problemOf(failed, '/x')).toMatchObject({ status: 409, code: 'CONFLICT', detail: 'the run is not paused' });
  });

  it('keeps the status of the HTTP layer', () => {
    expect(problemOf(new NotFoundException('Cannot GET /nope'), '/nope')).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
    });
    const tooLarge = Object.assign(new Error('Request body is too large'), { statusCode: 413 });
    expect(problemOf(tooLarge, '/x')).toMatchObject({ status: 413, code: 'REQUEST_INVALID' });
  });
});
